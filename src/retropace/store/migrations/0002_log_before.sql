-- What was told of a day before it was changed, so that a change can be taken back; no record: nothing had been told.
CREATE TABLE log_before (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    number INTEGER NOT NULL,
    made TEXT NOT NULL,
    record TEXT,
    PRIMARY KEY (person, day, number)
);
