-- To each reader what waits for him is one row, so that what is held costs nothing while it waits and holds up nobody else;
-- a person may give up a mail; and under which transport a mail was marked.

CREATE TABLE mail_batch (  -- what waits to be told to one reader: there while an item of his is open
  customer_id INTEGER NOT NULL REFERENCES customer, kind TEXT NOT NULL CHECK (kind IN ('sessions', 'partner_copy', 'notice')),
  partner_id INTEGER NOT NULL,  -- whose copy it is; 0: it is none
  closes_ms INTEGER NOT NULL,  -- the window
  held_by TEXT NOT NULL CHECK (held_by IN ('', 'review', 'error', 'no_address', 'flushed')), detail TEXT NOT NULL,
  session_id INTEGER REFERENCES session,  -- in review
  since_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,  -- when nothing is waited for any more
  look_ms INTEGER NOT NULL,  -- when it is looked at, next
  directory_version INTEGER NOT NULL,  -- or when there is a later one
  PRIMARY KEY (customer_id, kind, partner_id), CHECK ((kind = 'partner_copy') = (partner_id <> 0))) STRICT, WITHOUT ROWID;
CREATE INDEX mail_batch_by_look ON mail_batch (look_ms);
CREATE INDEX mail_batch_by_directory ON mail_batch (directory_version);
INSERT INTO mail_batch (customer_id, kind, partner_id, closes_ms, held_by, detail, session_id, since_ms, until_ms, look_ms,
  directory_version)
SELECT customer_id, kind, COALESCE(partner_id, 0), MIN(window_closes_ms), '', '', NULL, MIN(created_ms), 0,
  MIN(window_closes_ms), 9223372036854775807
FROM mail_item WHERE mail_id IS NULL AND dropped_ms IS NULL GROUP BY customer_id, kind, COALESCE(partner_id, 0);
DROP TABLE mail_hold;  -- whatever is still held is held again when it is looked at

ALTER TABLE mail ADD COLUMN cancelled_ms INTEGER;  -- when a person gave it up
ALTER TABLE mail ADD COLUMN transport TEXT NOT NULL DEFAULT '';  -- under which it was last handed over; empty: nobody knows
