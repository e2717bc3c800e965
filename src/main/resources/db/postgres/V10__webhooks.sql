-- Webhooks: where changes are sent; the same tables as in SQLite. Nodes of the version before go on
-- while this runs, so it waits for no more than a moment for those who have the table of changes.
SET LOCAL lock_timeout = '3s';

CREATE TABLE webhooks (
  id            bigint PRIMARY KEY,
  name          text   NOT NULL UNIQUE,
  url           text   NOT NULL,
  kinds         text   NOT NULL,
  with_user     bigint NOT NULL,
  with_by       bigint NOT NULL,
  secrets       text   NOT NULL,
  made_by       text,
  created_at    bigint NOT NULL,
  updated_at    bigint NOT NULL,
  paused        text,
  position      bigint NOT NULL,
  lost          bigint NOT NULL,
  failing_since bigint,
  last_error    text,
  revision      bigint NOT NULL,
  owner         text,
  epoch         bigint NOT NULL,
  lease_until   bigint NOT NULL
);

CREATE TABLE webhook_parked (
  id       bigint PRIMARY KEY,
  webhook  bigint NOT NULL,
  user_id  bigint NOT NULL,
  seq      bigint NOT NULL,
  attempts bigint NOT NULL,
  due      bigint NOT NULL,
  UNIQUE (webhook, user_id)
);

CREATE INDEX webhook_parked_by_due ON webhook_parked (webhook, due);

CREATE TABLE webhook_attempts (
  webhook bigint NOT NULL,
  n       bigint NOT NULL,
  lines   text   NOT NULL,
  PRIMARY KEY (webhook, n)
);

CREATE INDEX changes_of_user ON changes (id, seq);
DROP INDEX changes_by_id;
