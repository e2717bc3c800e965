-- In which line of the server's history (its timeline) and in which database this store was written
-- to last, and which transaction wrote this row. A dump that was restored has the row from another
-- transaction, a copy is in another database, and a server that was recovered to an earlier moment
-- or promoted is on another timeline. Whoever opens the store first fills it in.
CREATE TABLE identity (
  one         boolean PRIMARY KEY CHECK (one),
  timeline    text    NOT NULL,
  database    bigint  NOT NULL,
  transaction bigint  NOT NULL
);

INSERT INTO identity VALUES (true, '', 0, 0);

-- The server's timeline; null where it can't be written to, and the same for ever where it does not
-- tell.
CREATE FUNCTION rollcall_timeline() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF pg_is_in_recovery() THEN
    RETURN NULL;
  END IF;
  RETURN left(pg_walfile_name(pg_current_wal_lsn()), 8);
EXCEPTION WHEN OTHERS THEN
  RETURN 'untold';
END $$;

-- An epoch begins after the store was put back to an earlier state: restored is the newest seq of
-- that, and above floor are the seqs of the epoch. What is between was given out in a time that is
-- lost, or never.
CREATE TABLE epochs (
  floor    bigint PRIMARY KEY,
  restored bigint NOT NULL
);

-- What was added to the numbers of a job's results by epochs that began before it ended.
ALTER TABLE jobs ADD COLUMN shift integer NOT NULL DEFAULT 0;
