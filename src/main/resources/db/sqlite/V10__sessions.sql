-- Sessions of users, and the keys that sign their tokens; times are milliseconds since 1970 in UTC. A
-- private key is encrypted with auth.secret. Of a refresh token there is the SHA-256 alone, and its
-- number within the session. ended is null while a session goes on, and then the number under which it
-- ended; such a row stays until tokens_until, when the last token of the session has run out. revision
-- is the number of the newest ending, and of the newest key.
CREATE TABLE signing_keys (
  id          INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL,
  public_key  BLOB    NOT NULL,
  private_key BLOB    NOT NULL,
  created_at  INTEGER NOT NULL,
  used_from   INTEGER NOT NULL,
  until       INTEGER
) STRICT;

CREATE TABLE sessions (
  id           BLOB    PRIMARY KEY,
  user_id      INTEGER NOT NULL,
  number       INTEGER NOT NULL,
  hash         BLOB    NOT NULL,
  created_at   INTEGER NOT NULL,
  refreshed_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  tokens_until INTEGER NOT NULL,
  ended        INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id) WHERE ended IS NULL;
CREATE INDEX sessions_by_end ON sessions (ended) WHERE ended IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE session_numbers (
  revision INTEGER NOT NULL
) STRICT;

INSERT INTO session_numbers VALUES (0);

PRAGMA user_version = 10;
