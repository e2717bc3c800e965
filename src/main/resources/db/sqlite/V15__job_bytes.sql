-- How many bytes a job has: its ids, and its results with 100 more for each.
ALTER TABLE jobs ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;

UPDATE jobs SET bytes =
  (SELECT coalesce(sum(octet_length(ids)), 0) FROM job_ids WHERE job = jobs.id)
  + (SELECT coalesce(sum(octet_length(line) + 100), 0) FROM job_results WHERE job = jobs.id);

PRAGMA user_version = 15;
