-- Each of these had a list of more than two words in a CHECK. SQLite makes a table of such a list whenever a row is added;
-- words compared one by one cost a fraction of that (docs/performance.md). The tables hold what they held.

CREATE TABLE entry_new (  -- append-only; what it says to accounts is in entry_line
  entry_id INTEGER PRIMARY KEY, contract_id INTEGER NOT NULL REFERENCES contract,
  customer_id INTEGER NOT NULL REFERENCES customer,
  kind TEXT NOT NULL CHECK (
    kind = 'consumption' OR kind = 'grant' OR kind = 'cover' OR kind = 'overage' OR kind = 'accrual' OR kind = 'included' OR
    kind = 'hold' OR kind = 'settle' OR kind = 'expiry' OR kind = 'roll_over' OR kind = 'fee' OR kind = 'completion' OR kind =
    'adjustment' OR kind = 'reversal'),
  at_ms INTEGER NOT NULL,  -- the moment it belongs to
  subject TEXT NOT NULL,
  minutes INTEGER NOT NULL, amount INTEGER NOT NULL,  -- what it adds to the figure of the contract people look at
  session_id INTEGER REFERENCES session, charge_id INTEGER REFERENCES charge,
  reverses_entry_id INTEGER UNIQUE REFERENCES entry, reason TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
INSERT INTO entry_new (entry_id, contract_id, customer_id, kind, at_ms, subject, minutes, amount, session_id, charge_id,
  reverses_entry_id, reason, created_ms)
SELECT entry_id, contract_id, customer_id, kind, at_ms, subject, minutes, amount, session_id, charge_id,
  reverses_entry_id, reason, created_ms
FROM entry ORDER BY entry_id;
DROP TABLE entry;
ALTER TABLE entry_new RENAME TO entry;
CREATE INDEX entry_by_contract ON entry (contract_id, entry_id);
CREATE INDEX entry_by_customer ON entry (customer_id, at_ms);
CREATE INDEX entry_by_charge ON entry (charge_id);
CREATE INDEX entry_held ON entry (customer_id, at_ms) WHERE kind = 'hold';
CREATE INDEX entry_hold ON entry (charge_id) WHERE kind = 'hold';
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entry is append-only: UPDATE is refused'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entry is append-only: DELETE is refused'); END;

CREATE TABLE account_new (  -- quantity is the sum of its lines, kept so that a balance need not be summed up
  account_id INTEGER PRIMARY KEY, contract_id INTEGER NOT NULL REFERENCES contract,
  kind TEXT NOT NULL CHECK (
    kind = 'left' OR kind = 'work' OR kind = 'covered' OR kind = 'due' OR kind = 'sold' OR kind = 'expired' OR kind = 'fees'),
  lot TEXT NOT NULL, unit TEXT NOT NULL, quantity INTEGER NOT NULL,
  UNIQUE (contract_id, kind, lot, unit)) STRICT;
INSERT INTO account_new (account_id, contract_id, kind, lot, unit, quantity)
SELECT account_id, contract_id, kind, lot, unit, quantity FROM account ORDER BY account_id;
DROP TABLE account;
ALTER TABLE account_new RENAME TO account;

CREATE TABLE attribution_new (  -- append-only; the newest row of a session is the one in force
  attribution_id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES session, session_revision INTEGER NOT NULL,
  comment_id INTEGER REFERENCES session_comment, directory_version INTEGER NOT NULL,
  comments_seen_id INTEGER NOT NULL,  -- the newest comment there was: later ones were not considered
  disposition TEXT NOT NULL
    CHECK (disposition = 'ready' OR disposition = 'review' OR disposition = 'pending_comment'),
  technician_id INTEGER, technician_rule TEXT NOT NULL, customer_id INTEGER, terminal_id INTEGER, contract_id INTEGER,
  no_charge INTEGER NOT NULL CHECK (no_charge IN (0, 1)), override_min INTEGER, text TEXT NOT NULL,
  reasons TEXT NOT NULL, steps TEXT NOT NULL, created_ms INTEGER NOT NULL, decision_number INTEGER NOT NULL DEFAULT 0,
  stated_start_ms INTEGER, stated_end_ms INTEGER, work_type TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO attribution_new (attribution_id, session_id, session_revision, comment_id, directory_version, comments_seen_id,
  disposition, technician_id, technician_rule, customer_id, terminal_id, contract_id, no_charge, override_min, text,
  reasons, steps, created_ms, decision_number, stated_start_ms, stated_end_ms, work_type)
SELECT attribution_id, session_id, session_revision, comment_id, directory_version, comments_seen_id,
  disposition, technician_id, technician_rule, customer_id, terminal_id, contract_id, no_charge, override_min, text,
  reasons, steps, created_ms, decision_number, stated_start_ms, stated_end_ms, work_type
FROM attribution ORDER BY attribution_id;
DROP TABLE attribution;
ALTER TABLE attribution_new RENAME TO attribution;
CREATE INDEX attribution_by_session ON attribution (session_id, attribution_id);
CREATE INDEX attribution_by_customer ON attribution (customer_id, contract_id);
CREATE INDEX attribution_with_stated_times ON attribution (stated_start_ms)
  WHERE COALESCE(stated_start_ms, stated_end_ms) IS NOT NULL;
CREATE TRIGGER attribution_no_update BEFORE UPDATE ON attribution
BEGIN SELECT RAISE(ABORT, 'attribution is append-only: UPDATE is refused'); END;
CREATE TRIGGER attribution_no_delete BEFORE DELETE ON attribution
BEGIN SELECT RAISE(ABORT, 'attribution is append-only: DELETE is refused'); END;

CREATE TABLE mail_batch_new (  -- what waits to be told to one reader: there while an item of his is open
  customer_id INTEGER NOT NULL REFERENCES customer,
  kind TEXT NOT NULL CHECK (kind = 'sessions' OR kind = 'partner_copy' OR kind = 'notice'),
  partner_id INTEGER NOT NULL,  -- whose copy it is; 0: it is none
  closes_ms INTEGER NOT NULL,  -- the window
  held_by TEXT NOT NULL CHECK (
    held_by = '' OR held_by = 'review' OR held_by = 'error' OR held_by = 'no_address' OR held_by = 'flushed'),
  detail TEXT NOT NULL,
  session_id INTEGER REFERENCES session,  -- in review
  since_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,  -- when nothing is waited for any more
  look_ms INTEGER NOT NULL,  -- when it is looked at, next
  directory_version INTEGER NOT NULL,  -- or when there is a later one
  PRIMARY KEY (customer_id, kind, partner_id), CHECK ((kind = 'partner_copy') = (partner_id <> 0))) STRICT, WITHOUT ROWID;
INSERT INTO mail_batch_new (customer_id, kind, partner_id, closes_ms, held_by, detail, session_id, since_ms, until_ms,
  look_ms, directory_version)
SELECT customer_id, kind, partner_id, closes_ms, held_by, detail, session_id, since_ms, until_ms, look_ms, directory_version
FROM mail_batch;
DROP TABLE mail_batch;
ALTER TABLE mail_batch_new RENAME TO mail_batch;
CREATE INDEX mail_batch_by_look ON mail_batch (look_ms);
CREATE INDEX mail_batch_by_directory ON mail_batch (directory_version);
