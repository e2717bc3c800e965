-- How many bytes the feed has: what its users take as JSON, and 100 more for each change. The length
-- of a text stands at the beginning of its row, so that counting reads no more than that.
ALTER TABLE counters ADD COLUMN feed_bytes INTEGER NOT NULL DEFAULT 0;

UPDATE counters SET feed_bytes =
  (SELECT coalesce(sum(coalesce(octet_length(user), 0) + 100), 0) FROM changes);

PRAGMA user_version = 6;
