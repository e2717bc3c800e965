-- Who made a change; null where nobody had to say who he is, and where the node that wrote it is of
-- a version before. Such nodes go on while this runs and after it, so it waits for no more than a
-- moment for those who have the table: all others would wait behind it. It is a transaction of its
-- own, since writers take the tables in another order.
SET LOCAL lock_timeout = '3s';

ALTER TABLE changes ADD COLUMN by text;
