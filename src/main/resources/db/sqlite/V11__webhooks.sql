-- Webhooks: where changes are sent. Their state is a position in the feed, up to which each change was
-- taken, left out, or is of a user who is parked. Times are milliseconds since 1970 in UTC. kinds
-- stands with spaces between them; secrets too. paused is why it is paused, and null while it is not;
-- failing_since is null unless nothing was taken since then. revision is another random number after
-- each change of what its owner declares. owner, epoch and lease_until are those of the process that
-- delivers. Ids are random, so that none is used again.
CREATE TABLE webhooks (
  id            INTEGER PRIMARY KEY,
  name          TEXT    NOT NULL UNIQUE,
  url           TEXT    NOT NULL,
  kinds         TEXT    NOT NULL,
  with_user     INTEGER NOT NULL,
  with_by       INTEGER NOT NULL,
  secrets       TEXT    NOT NULL,
  made_by       TEXT,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  paused        TEXT,
  position      INTEGER NOT NULL,
  lost          INTEGER NOT NULL,
  failing_since INTEGER,
  last_error    TEXT,
  revision      INTEGER NOT NULL,
  owner         TEXT,
  epoch         INTEGER NOT NULL,
  lease_until   INTEGER NOT NULL
) STRICT;

-- Users whose changes from seq on wait until they are due; attempts counts those of that change.
CREATE TABLE webhook_parked (
  id       INTEGER PRIMARY KEY,
  webhook  INTEGER NOT NULL,
  user_id  INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  UNIQUE (webhook, user_id)
) STRICT;

CREATE INDEX webhook_parked_by_due ON webhook_parked (webhook, due);

-- The last attempts: some lines of JSON in each row.
CREATE TABLE webhook_attempts (
  webhook INTEGER NOT NULL,
  n       INTEGER NOT NULL,
  lines   TEXT    NOT NULL,
  PRIMARY KEY (webhook, n)
) STRICT, WITHOUT ROWID;

-- Changes of one user are looked for when he is parked, those without content as well. That replaces
-- the index of those with content, which is as large until users are deleted.
DROP INDEX changes_by_id;
CREATE INDEX changes_by_id ON changes (id);

PRAGMA user_version = 11;
