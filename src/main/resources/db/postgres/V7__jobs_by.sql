-- Who started a job, and makes the changes of its import; null where nobody had to say who he is, and
-- where the node that it was started at is of a version before. As the migration before, it waits for
-- no more than a moment.
SET LOCAL lock_timeout = '3s';

ALTER TABLE jobs ADD COLUMN by text;
