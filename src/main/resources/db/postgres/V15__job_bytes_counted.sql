-- Apart from the column, whose lock would keep everybody from the table for as long as this takes. Jobs
-- that have not ended count by themselves from now on.
UPDATE jobs SET bytes = bytes
  + (SELECT coalesce(sum(octet_length(ids)), 0) FROM job_ids WHERE job = jobs.id)
  + (SELECT coalesce(sum(octet_length(line) + 100), 0) FROM job_results WHERE job = jobs.id)
WHERE ended_at IS NOT NULL;
