-- Who made a change; null where nobody had to say who he is.
ALTER TABLE changes ADD COLUMN by TEXT;

PRAGMA user_version = 7;
