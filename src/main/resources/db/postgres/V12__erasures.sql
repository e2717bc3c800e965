-- Erasures, who has to erase the user, and the process that carries them out; the same tables as in
-- SQLite.
CREATE TABLE erasures (
  id           bigint PRIMARY KEY,
  user_id      bigint NOT NULL,
  requested_at bigint NOT NULL,
  made_by      text,
  seq          bigint,
  ended_at     bigint
);

CREATE UNIQUE INDEX erasures_running ON erasures (user_id) WHERE ended_at IS NULL;
CREATE INDEX erasures_of_user ON erasures (user_id);

CREATE TABLE erasure_targets (
  id       bigint PRIMARY KEY,
  erasure  bigint NOT NULL,
  kind     text   NOT NULL,
  name     text   NOT NULL,
  subject  bigint,
  lost     bigint NOT NULL,
  state    text   NOT NULL,
  at       bigint,
  attempts bigint NOT NULL,
  detail   text,
  due      bigint NOT NULL
);

CREATE INDEX erasure_targets_open ON erasure_targets (kind, name, due) WHERE state <> 'erased';

CREATE TABLE erasure_holder (
  one         bigint PRIMARY KEY CHECK (one = 1),
  owner       text,
  epoch       bigint NOT NULL,
  lease_until bigint NOT NULL
);

INSERT INTO erasure_holder VALUES (1, NULL, 0, 0);
