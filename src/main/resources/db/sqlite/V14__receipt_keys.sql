-- The keys that sign receipts of erasures. Their public halves are published for good, so that none is
-- ever removed; a private one is encrypted with auth.secret. Times are milliseconds since 1970 in UTC.
CREATE TABLE receipt_keys (
  id          INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL,
  public_key  BLOB    NOT NULL,
  private_key BLOB    NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT;

PRAGMA user_version = 14;
