-- The password of a user, as a PHC or modular crypt string. It is apart from the user's row, so that
-- nothing that reads users can come upon it.
CREATE TABLE credentials (
  id   INTEGER PRIMARY KEY,
  hash TEXT NOT NULL
) STRICT;

PRAGMA user_version = 2;
