-- Jobs, the ids that they are for, and their results; the same tables as in SQLite. Beside its owner a
-- job has the moment until which it is that process' own, by the clock of the database.
CREATE TABLE jobs (
  id          bigint  PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  kind        text    NOT NULL,
  name        text    NOT NULL,
  everybody   boolean NOT NULL,
  concurrency integer NOT NULL,
  state       text    NOT NULL,
  done        integer NOT NULL DEFAULT 0,
  failed      integer NOT NULL DEFAULT 0,
  total       integer NOT NULL,
  created_at  bigint  NOT NULL,
  started_at  bigint,
  ended_at    bigint,
  detail      text,
  owner       text,
  lease_until bigint  NOT NULL DEFAULT 0,
  epoch       bigint  NOT NULL DEFAULT 0,
  watermark   integer NOT NULL DEFAULT 0,
  op          uuid    NOT NULL UNIQUE,
  content     bigint  NOT NULL
);

-- Those that have not ended, which are few.
CREATE INDEX jobs_open ON jobs (id) WHERE ended_at IS NULL;
CREATE INDEX jobs_by_end ON jobs (ended_at) WHERE ended_at IS NOT NULL;

-- Apart from the job's row, which is written with each batch of results.
CREATE TABLE job_ids (
  job bigint PRIMARY KEY,
  ids bytea  NOT NULL
);

-- position is that of the user's id within the job's ids, where each stands once.
CREATE TABLE job_results (
  job      bigint  NOT NULL,
  n        integer NOT NULL,
  position integer NOT NULL,
  line     bytea   NOT NULL,
  PRIMARY KEY (job, n),
  UNIQUE (job, position)
);
