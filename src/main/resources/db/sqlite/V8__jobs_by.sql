-- Who started a job, and makes the changes of its import; null where nobody had to say who he is.
ALTER TABLE jobs ADD COLUMN by TEXT;

PRAGMA user_version = 8;
