-- Erasures: users who are forgotten. seq is that of the deletion, and null until the user is deleted;
-- where the feed no longer has the deletion it is the newest seq that was pruned away. ended_at is null
-- until each target has erased the user. made_by is null where nobody had to say who he is. Times are
-- milliseconds since 1970 in UTC. Ids are given out one by one and never again, since no erasure is
-- deleted.
CREATE TABLE erasures (
  id           INTEGER PRIMARY KEY,
  user_id      INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  made_by      TEXT,
  seq          INTEGER,
  ended_at     INTEGER
) STRICT;

CREATE UNIQUE INDEX erasures_running ON erasures (user_id) WHERE ended_at IS NULL;
CREATE INDEX erasures_of_user ON erasures (user_id);

-- Who has to erase the user: sources, webhooks and followers. subject is the id of the webhook or the
-- follower, and null for a source; lost is how many changes the webhook had lost before. at is when
-- its state was found out, due when a source is asked again. The id is that of the erasure, times
-- 10000, and a number.
CREATE TABLE erasure_targets (
  id       INTEGER PRIMARY KEY,
  erasure  INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  subject  INTEGER,
  lost     INTEGER NOT NULL,
  state    TEXT    NOT NULL,
  at       INTEGER,
  attempts INTEGER NOT NULL,
  detail   TEXT,
  due      INTEGER NOT NULL
) STRICT;

CREATE INDEX erasure_targets_open ON erasure_targets (kind, name, due) WHERE state <> 'erased';

-- One row: the process that carries erasures out. It is not copied with the store.
CREATE TABLE erasure_holder (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  owner       TEXT,
  epoch       INTEGER NOT NULL,
  lease_until INTEGER NOT NULL
) STRICT;

INSERT INTO erasure_holder VALUES (1, NULL, 0, 0);

PRAGMA user_version = 13;
