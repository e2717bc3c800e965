-- How many bytes a job has: its ids, and its results with 100 more for each. What nodes of the version
-- before record does not count. As migrations before, it waits for no more than a moment.
SET LOCAL lock_timeout = '3s';

ALTER TABLE jobs ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
