-- Sessions of users, and the keys that sign their tokens; the same tables as in SQLite.
CREATE TABLE signing_keys (
  id          bigint PRIMARY KEY,
  name        text   NOT NULL,
  public_key  bytea  NOT NULL,
  private_key bytea  NOT NULL,
  created_at  bigint NOT NULL,
  used_from   bigint NOT NULL,
  until       bigint
);

CREATE TABLE sessions (
  id           bytea  PRIMARY KEY,
  user_id      bigint NOT NULL,
  number       bigint NOT NULL,
  hash         bytea  NOT NULL,
  created_at   bigint NOT NULL,
  refreshed_at bigint NOT NULL,
  expires_at   bigint NOT NULL,
  tokens_until bigint NOT NULL,
  ended        bigint
);

CREATE INDEX sessions_by_user ON sessions (user_id) WHERE ended IS NULL;
CREATE INDEX sessions_by_end ON sessions (ended) WHERE ended IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE session_numbers (
  revision bigint NOT NULL
);

INSERT INTO session_numbers VALUES (0);
