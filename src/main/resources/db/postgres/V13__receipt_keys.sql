-- The keys that sign receipts of erasures; the same table as in SQLite.
CREATE TABLE receipt_keys (
  id          bigint PRIMARY KEY,
  name        text   NOT NULL,
  public_key  bytea  NOT NULL,
  private_key bytea  NOT NULL,
  created_at  bigint NOT NULL
);
