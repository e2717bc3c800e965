-- Users, their passwords, and the feed of what changed; the same tables as in SQLite. Times are
-- milliseconds since 1970 in UTC. Keys are the folded forms by which names and addresses are
-- compared, as bytes, and JSON is kept as the text that it is: no collation and no normalising of
-- the database's has a say.
CREATE TABLE users (
  id         bigint PRIMARY KEY,
  name       text   NOT NULL,
  name_key   bytea  NOT NULL,
  email      text,
  email_key  bytea,
  attributes text   NOT NULL,
  version    bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  seq        bigint NOT NULL,
  -- Deferrable is what is looked at when a statement ends instead of at each row: two users may
  -- swap their addresses in one.
  CONSTRAINT users_by_email UNIQUE (email_key) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX users_by_name ON users (name_key);

-- Apart from the user's row, so that nothing that reads users can come upon it.
CREATE TABLE credentials (
  id   bigint PRIMARY KEY,
  hash text NOT NULL
);

-- kind: 0 created, 1 updated, 2 deleted. user_json is the user as the change left it. op and content
-- name a write that its client may repeat: the key that it gave, and a digest of what it asked for.
CREATE TABLE changes (
  seq       bigint   PRIMARY KEY,
  kind      smallint NOT NULL,
  id        bigint   NOT NULL,
  version   bigint   NOT NULL,
  at        bigint   NOT NULL,
  user_json text,
  op        uuid,
  content   bigint
);

CREATE UNIQUE INDEX changes_by_op ON changes (op) WHERE op IS NOT NULL;
-- For erasing what the feed still holds of a deleted user.
CREATE INDEX changes_by_id ON changes (id) WHERE user_json IS NOT NULL;

-- Ids of deleted users that the counter of assigned ids has yet to pass: it must skip them.
CREATE TABLE retired_ids (
  id bigint PRIMARY KEY
);

-- One row: the newest seq given out, the next id to be assigned, the newest seq pruned away. Each
-- writing transaction locks it first and holds it until its commit, so that seqs ascend in the
-- order of the commits, whichever node they are from. Room on the page lets each update stay there.
CREATE TABLE counters (
  one        boolean PRIMARY KEY CHECK (one),
  last_seq   bigint NOT NULL,
  next_id    bigint NOT NULL,
  pruned_seq bigint NOT NULL
) WITH (fillfactor = 10);

INSERT INTO counters VALUES (true, 0, 1, 0);
