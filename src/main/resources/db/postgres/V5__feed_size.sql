-- How many bytes the feed has, as in SQLite: what its users take as JSON, and 100 more for each
-- change.
ALTER TABLE counters ADD COLUMN feed_bytes bigint NOT NULL DEFAULT 0;

UPDATE counters SET feed_bytes =
  (SELECT coalesce(sum(coalesce(octet_length(user_json), 0) + 100), 0) FROM changes);

-- What is pruned at one end is to be used again at the other before the table has grown by a fifth.
ALTER TABLE changes SET (autovacuum_vacuum_scale_factor = 0.05,
  toast.autovacuum_vacuum_scale_factor = 0.05);
