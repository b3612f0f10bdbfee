-- The life of contracts: what somebody is told about them, who passed the customer on, what templates agree, and
-- charges that a person lets go below zero (docs/ledger.md).

ALTER TABLE contract ADD COLUMN notice_left TEXT NOT NULL DEFAULT '';  -- as notice_percent, in the contract's unit
ALTER TABLE contract ADD COLUMN mail_customer INTEGER NOT NULL DEFAULT 1 CHECK (mail_customer IN (0, 1));
ALTER TABLE contract ADD COLUMN partner_id INTEGER REFERENCES partner;  -- NULL: nobody passed the customer on
ALTER TABLE contract ADD COLUMN partner_told INTEGER NOT NULL DEFAULT 1 CHECK (partner_told IN (0, 1));
ALTER TABLE contract ADD COLUMN partner_first_day TEXT;  -- both included; NULL: as long as the contract
ALTER TABLE contract ADD COLUMN partner_last_day TEXT;

-- Lines of name=value (collector/directory/agreement.h); empty: it is a rule alone.
ALTER TABLE template ADD COLUMN contract TEXT NOT NULL DEFAULT '';

-- 1: a person released it, so that it may take more than there is.
ALTER TABLE charge ADD COLUMN may_exceed INTEGER NOT NULL DEFAULT 0 CHECK (may_exceed IN (0, 1));

-- Once for each threshold and occasion. What was passed stays known when the ledger is worked out again, so that nobody
-- is told twice.
CREATE TABLE notice (
  notice_id INTEGER PRIMARY KEY, contract_id INTEGER NOT NULL REFERENCES contract,
  customer_id INTEGER NOT NULL REFERENCES customer,
  kind TEXT NOT NULL CHECK (kind IN ('used', 'left', 'exhausted', 'contract_ends', 'lot_ends')),
  threshold INTEGER NOT NULL, occasion TEXT NOT NULL, at_ms INTEGER NOT NULL,
  left_quantity INTEGER NOT NULL, of_quantity INTEGER NOT NULL, unit TEXT NOT NULL,
  session_id INTEGER REFERENCES session, created_ms INTEGER NOT NULL,
  over_ms INTEGER,  -- since when it is no longer so; NULL: it still is
  mailed_ms INTEGER,  -- NULL: no mail told it
  UNIQUE (contract_id, kind, threshold, occasion)) STRICT;
CREATE INDEX notice_standing ON notice (notice_id) WHERE over_ms IS NULL;

-- What is held is looked for whenever a ledger is planned.
CREATE INDEX entry_held ON entry (customer_id, at_ms) WHERE kind = 'hold';

-- Contracts that stand are looked at once; nothing of their past is planned anew.
INSERT INTO ledger_todo (customer_id, from_ms, due_ms)
SELECT DISTINCT customer_id, 4102444800000, 0 FROM contract WHERE true
ON CONFLICT (customer_id) DO UPDATE SET due_ms = 0;
