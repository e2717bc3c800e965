-- Jobs, the ids that they are for, and their results. Times are milliseconds since 1970 in UTC. state
-- and kind are words. epoch counts how often a job was claimed; watermark is the position of an id
-- below which all have results. op and content name a request that its client may repeat, as in the
-- table of changes. An id is never used twice, since clients may still ask for an old one.
CREATE TABLE jobs (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  everybody   INTEGER NOT NULL,
  concurrency INTEGER NOT NULL,
  state       TEXT    NOT NULL,
  done        INTEGER NOT NULL,
  failed      INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  started_at  INTEGER,
  ended_at    INTEGER,
  detail      TEXT,
  owner       TEXT,
  epoch       INTEGER NOT NULL,
  watermark   INTEGER NOT NULL,
  op          BLOB,
  content     INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX jobs_by_op ON jobs (op) WHERE op IS NOT NULL;
-- Those that have not ended, which are few.
CREATE INDEX jobs_open ON jobs (state, id) WHERE ended_at IS NULL;
CREATE INDEX jobs_by_end ON jobs (ended_at) WHERE ended_at IS NOT NULL;

-- Apart from the job's row, which is written with each batch of results.
CREATE TABLE job_ids (
  job INTEGER PRIMARY KEY,
  ids BLOB NOT NULL
) STRICT;

-- position is that of the user's id within the job's ids, where each stands once.
CREATE TABLE job_results (
  job      INTEGER NOT NULL,
  n        INTEGER NOT NULL,
  position INTEGER NOT NULL,
  line     BLOB    NOT NULL,
  UNIQUE (job, n),
  UNIQUE (job, position)
) STRICT;

PRAGMA user_version = 3;
