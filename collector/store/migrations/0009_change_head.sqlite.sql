-- Where the chain of changes stands, so that its end cannot be taken away unnoticed.
ALTER TABLE change_state ADD COLUMN number INTEGER NOT NULL DEFAULT 0;  -- of the newest change; 0: none yet
ALTER TABLE change_state ADD COLUMN head TEXT NOT NULL  -- its hash
  DEFAULT '0000000000000000000000000000000000000000000000000000000000000000';
UPDATE change_state SET number = (SELECT COALESCE(MAX(change.number), 0) FROM change),
  head = COALESCE((SELECT hash FROM change ORDER BY change.number DESC LIMIT 1), head);
