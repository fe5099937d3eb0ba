-- What is kept of people. Both SQLite and PostgreSQL read this file; the word BLOB is BYTEA there (see migration.py).
-- A statement ends with a semicolon at the end of its line. Released files are never changed: the next one follows.
-- Days are ISO dates, instants ISO 8601 in UTC, records JSON as text. Everything of a person goes when the person goes.

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    made TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    body TEXT NOT NULL DEFAULT '{}',
    simulated INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE screening (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (person, day)
);

CREATE TABLE unfinished (
    person TEXT PRIMARY KEY REFERENCES person(id) ON DELETE CASCADE,
    record TEXT NOT NULL
);

-- Every wish is kept, so that a change of plan can be taken back; the highest number that is not undone counts.
CREATE TABLE wanted (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    made TEXT NOT NULL,
    record TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (person, number)
);

CREATE TABLE log_entry (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (person, day)
);

-- A home exercise that was done on a day.
CREATE TABLE exercise_done (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    exercise TEXT NOT NULL,
    PRIMARY KEY (person, day, exercise)
);

-- An original file (or a zip's member) is kept once a person, in compressed pieces by the checksum of the whole.
CREATE TABLE original (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (person, sha256)
);

CREATE TABLE piece (
    person TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    number INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (person, sha256, number),
    FOREIGN KEY (person, sha256) REFERENCES original(person, sha256) ON DELETE CASCADE
);

CREATE TABLE recording (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    added TEXT NOT NULL,
    started TEXT,
    day TEXT NOT NULL,
    duration_s DOUBLE PRECISION NOT NULL,
    session TEXT,
    PRIMARY KEY (person, id),
    UNIQUE (person, sha256),
    FOREIGN KEY (person, sha256) REFERENCES original(person, sha256) ON DELETE CASCADE
);

CREATE INDEX recording_by_day ON recording (person, day);

CREATE INDEX recording_by_start ON recording (person, started);

-- A correction is a layer over what was recognised: the latest one wins where two overlap, an undone one counts no more.
CREATE TABLE correction (
    person TEXT NOT NULL,
    recording TEXT NOT NULL,
    number INTEGER NOT NULL,
    start_s DOUBLE PRECISION NOT NULL,
    end_s DOUBLE PRECISION NOT NULL,
    direction TEXT NOT NULL,
    made TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (person, recording, number),
    FOREIGN KEY (person, recording) REFERENCES recording(person, id) ON DELETE CASCADE
);

-- What was computed, and from what: the fingerprint of engine, person, session and corrections it rests on.
CREATE TABLE figures (
    person TEXT NOT NULL,
    recording TEXT NOT NULL,
    made_from TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (person, recording),
    FOREIGN KEY (person, recording) REFERENCES recording(person, id) ON DELETE CASCADE
);

-- People of a server. A local store has no account.
CREATE TABLE account (
    person TEXT PRIMARY KEY REFERENCES person(id) ON DELETE CASCADE,
    login TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    totp_secret TEXT,
    totp_last INTEGER NOT NULL DEFAULT 0,
    made TEXT NOT NULL
);

CREATE TABLE sign_in (
    token TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    made TEXT NOT NULL,
    seen TEXT NOT NULL,
    device TEXT NOT NULL
);

CREATE INDEX sign_in_by_person ON sign_in (person);

CREATE TABLE api_token (
    token TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    may_write INTEGER NOT NULL,
    made TEXT NOT NULL,
    used TEXT
);

CREATE INDEX api_token_by_person ON api_token (person);

-- A link with a secret in it that shows one thing and needs no sign-in, as the calendar feed.
CREATE TABLE secret_link (
    token TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    shows TEXT NOT NULL,
    options TEXT NOT NULL DEFAULT '{}',
    made TEXT NOT NULL
);

CREATE INDEX secret_link_by_person ON secret_link (person);

-- Who may see what of whom. An invitation is a code until somebody takes it.
CREATE TABLE invitation (
    code TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    shares TEXT NOT NULL,
    made TEXT NOT NULL,
    expires TEXT NOT NULL
);

CREATE INDEX invitation_by_person ON invitation (person);

CREATE TABLE share (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    viewer TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    shares TEXT NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY (person, viewer)
);

CREATE INDEX share_by_viewer ON share (viewer);

CREATE TABLE audit (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (person, number)
);
