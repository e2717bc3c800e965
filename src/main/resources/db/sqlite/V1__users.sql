-- Users, and the feed of what changed. Times are milliseconds since 1970 in UTC. The keys are the
-- folded forms by which names and addresses are compared, as bytes, so that no collation has a say.
CREATE TABLE users (
  id         INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL,
  name_key   BLOB    NOT NULL,
  email      TEXT,
  email_key  BLOB,
  attributes TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  seq        INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX users_by_email ON users (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX users_by_name ON users (name_key);

-- kind: 0 created, 1 updated, 2 deleted. user is the user's JSON as the change left it. op and
-- content name a write that its client may repeat: the key that it gave, and a digest of what it
-- asked for.
CREATE TABLE changes (
  seq     INTEGER PRIMARY KEY,
  kind    INTEGER NOT NULL,
  id      INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  user    TEXT,
  op      BLOB,
  content INTEGER
) STRICT;

CREATE UNIQUE INDEX changes_by_op ON changes (op) WHERE op IS NOT NULL;
-- For erasing what the feed still holds of a deleted user.
CREATE INDEX changes_by_id ON changes (id) WHERE user IS NOT NULL;

-- Ids of deleted users that the counter of assigned ids has yet to pass: it must skip them.
CREATE TABLE retired_ids (
  id INTEGER PRIMARY KEY
) STRICT;

-- One row: the newest seq given out, the next id to be assigned, the newest seq pruned away.
CREATE TABLE counters (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  last_seq   INTEGER NOT NULL,
  next_id    INTEGER NOT NULL,
  pruned_seq INTEGER NOT NULL
) STRICT;

INSERT INTO counters VALUES (1, 0, 1, 0);

PRAGMA user_version = 1;
