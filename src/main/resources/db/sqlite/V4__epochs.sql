-- Which store this is: one id for each epoch, and another for each backup. The lock file beside the
-- database keeps it as well, so that a database that was put in the place of another can be told.
CREATE TABLE identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id  BLOB    NOT NULL
) STRICT;

INSERT INTO identity VALUES (1, randomblob(16));

-- An epoch begins after the store was put back to an earlier state: restored is the newest seq of
-- that, and above floor are the seqs of the epoch. What is between was given out in a time that is
-- lost, or never.
CREATE TABLE epochs (
  floor    INTEGER PRIMARY KEY,
  restored INTEGER NOT NULL
) STRICT;

-- What was added to the numbers of a job's results by epochs that began before it ended.
ALTER TABLE jobs ADD COLUMN shift INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 4;
