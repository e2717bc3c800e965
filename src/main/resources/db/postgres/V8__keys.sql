-- Keys of callers, and what is counted of them; the same tables as in SQLite. Of a key's text there is
-- the SHA-256 alone. revision is another random number after each key that was made or deleted, so
-- that a database which was put back to an earlier state does not have that of a later one.
CREATE TABLE api_keys (
  id           bigint PRIMARY KEY,
  name         text   NOT NULL,
  scopes       text   NOT NULL,
  hash         bytea  NOT NULL UNIQUE,
  created_at   bigint NOT NULL,
  expires_at   bigint,
  last_used_at bigint,
  made_by      text
);

CREATE TABLE key_numbers (
  last_id  bigint NOT NULL,
  revision bigint NOT NULL
);

INSERT INTO key_numbers VALUES (0, 0);
