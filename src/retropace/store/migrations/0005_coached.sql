-- Coached sessions on their way in: what a phone has sent of a run, until all of it has become one recording.

-- `began` is the phone's clock in UTC, `offset_min` its local time minus UTC. `recording` is what became of it, NULL where
-- it recorded nothing; it may be deleted before the run is.
CREATE TABLE coached_run (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    began TEXT NOT NULL,
    offset_min INTEGER NOT NULL,
    guide TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    recording TEXT,
    size_bytes BIGINT NOT NULL DEFAULT 0,
    made TEXT NOT NULL,
    PRIMARY KEY (person, id)
);

-- A part that came. Its bytes go once the recording is kept; that it came is told as long as the run is.
CREATE TABLE coached_part (
    person TEXT NOT NULL,
    run TEXT NOT NULL,
    stream TEXT NOT NULL,
    part INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (person, run, stream, part),
    FOREIGN KEY (person, run) REFERENCES coached_run(person, id) ON DELETE CASCADE
);
