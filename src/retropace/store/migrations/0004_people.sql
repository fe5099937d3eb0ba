-- People of a server: second steps, brakes on guessing, names in sharing, and who looked at what.

-- Of the house itself, as the secret that signs what browsers bring back.
CREATE TABLE house (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Codes for the day the phone is lost: each works once, and only its checksum is kept.
CREATE TABLE recovery_code (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    PRIMARY KEY (person, code)
);

-- A sign-in is half done until its second step came.
ALTER TABLE sign_in ADD COLUMN half INTEGER NOT NULL DEFAULT 0;

-- How often something was tried: the bucket is empty again at this instant, in seconds since 1970.
CREATE TABLE brake (
    bucket TEXT PRIMARY KEY,
    empty_s DOUBLE PRECISION NOT NULL
);

-- What the owner calls whom they invite.
ALTER TABLE invitation ADD COLUMN name TEXT NOT NULL DEFAULT '';

ALTER TABLE share ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- Who looked at what: a row a day, viewer and page. It outlives the viewer's account.
DROP TABLE audit;

CREATE TABLE audit (
    person TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    viewer TEXT NOT NULL,
    name TEXT NOT NULL,
    page TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (person, day, viewer, page)
);
