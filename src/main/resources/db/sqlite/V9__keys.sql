-- Keys of callers, and what is counted of them. Of a key's text there is the SHA-256 alone; scopes
-- stand with spaces between them; times are milliseconds since 1970 in UTC; made_by is null where
-- nobody had to say who he is. The id of a key is never used again, since changes name it. revision is
-- another random number after each key that was made or deleted.
CREATE TABLE api_keys (
  id           INTEGER PRIMARY KEY,
  name         TEXT    NOT NULL,
  scopes       TEXT    NOT NULL,
  hash         BLOB    NOT NULL UNIQUE,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER,
  made_by      TEXT
) STRICT;

CREATE TABLE key_numbers (
  last_id  INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;

INSERT INTO key_numbers VALUES (0, 0);

PRAGMA user_version = 9;
