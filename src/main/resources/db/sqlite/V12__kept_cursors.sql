-- Followers of the feed whose position is kept here: the seq up to which they have confirmed it. The id
-- is a random number, by which a follower that was deleted and made anew is another one; times are
-- milliseconds since 1970 in UTC; moved_at is null until the first confirmation; made_by is null where
-- nobody had to say who he is.
CREATE TABLE kept_cursors (
  id         INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL UNIQUE,
  position   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  moved_at   INTEGER,
  made_by    TEXT
) STRICT;

PRAGMA user_version = 12;
