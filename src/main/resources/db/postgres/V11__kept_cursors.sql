-- Followers of the feed whose position is kept here; the same table as in SQLite.
CREATE TABLE kept_cursors (
  id         bigint PRIMARY KEY,
  name       text   NOT NULL UNIQUE,
  position   bigint NOT NULL,
  created_at bigint NOT NULL,
  moved_at   bigint,
  made_by    text
);
