-- What somebody calls a session, and which column is what in a table they explained: of one recording, and by the checksum
-- of a header for the next file of the same kind.

ALTER TABLE recording ADD COLUMN note TEXT NOT NULL DEFAULT '';

ALTER TABLE recording ADD COLUMN column_map TEXT;

CREATE TABLE column_map (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    header TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (person, header)
);
