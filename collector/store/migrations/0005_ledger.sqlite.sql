-- The ledger in double entry: what a contract agrees beside its rule, charges of more than one session, entries with
-- lines on accounts, and what is planned anew (docs/ledger.md). What was there becomes what it would have been.

CREATE TABLE contract_new (
  contract_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, name TEXT NOT NULL,
  model TEXT NOT NULL CHECK (model IN ('prepaid', 'indefinite', 'prepaid_money', 'hourly', 'flat_fee', 'recurring', 'project_fixed',
    'project_hourly')),
  template_id INTEGER NOT NULL REFERENCES template,
  start_day TEXT NOT NULL, end_day TEXT, time_zone TEXT NOT NULL, mail_window_min INTEGER NOT NULL,
  mail_no_charge INTEGER NOT NULL CHECK (mail_no_charge IN (0, 1)),
  currency TEXT NOT NULL DEFAULT 'EUR',
  exhaustion TEXT NOT NULL DEFAULT 'negative' CHECK (exhaustion IN ('negative', 'split', 'next', 'hold')),
  overage_per_hour INTEGER NOT NULL DEFAULT 0,
  period TEXT NOT NULL DEFAULT 'none' CHECK (period IN ('none', 'month', 'quarter', 'year')),
  included_min INTEGER NOT NULL DEFAULT 0, roll_over_min INTEGER DEFAULT 0,  -- NULL: all of it
  fee INTEGER NOT NULL DEFAULT 0, units INTEGER NOT NULL DEFAULT 1,
  notice_percent TEXT NOT NULL DEFAULT '80,95', notice_days TEXT NOT NULL DEFAULT '30,7', UNIQUE (customer_id, name)) STRICT;
INSERT INTO contract_new (contract_id, customer_id, name, model, template_id, start_day, end_day, time_zone,
  mail_window_min, mail_no_charge)
SELECT contract_id, customer_id, name, model, template_id, start_day, end_day, time_zone, mail_window_min,
  mail_no_charge
FROM contract;
DROP TABLE contract;
ALTER TABLE contract_new RENAME TO contract;

CREATE TABLE charge_new (  -- append-only; the newest of a subject is the one in force
  charge_id INTEGER PRIMARY KEY, subject TEXT NOT NULL, customer_id INTEGER NOT NULL REFERENCES customer,
  contract_id INTEGER NOT NULL REFERENCES contract, template_id INTEGER NOT NULL REFERENCES template,
  rating_version INTEGER NOT NULL, seconds INTEGER NOT NULL, minutes INTEGER NOT NULL CHECK (minutes >= 0),
  amount INTEGER NOT NULL CHECK (amount >= 0), at_ms INTEGER NOT NULL, tie TEXT NOT NULL,
  session_id INTEGER NOT NULL REFERENCES session,  -- the first of its sessions
  voided INTEGER NOT NULL CHECK (voided IN (0, 1)),  -- 1: it has no sessions any more, and costs nothing
  steps TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE attribution_of_charge (charge_id INTEGER PRIMARY KEY, attribution_id INTEGER NOT NULL) STRICT;
INSERT INTO attribution_of_charge SELECT charge_id, attribution_id FROM charge;
INSERT INTO charge_new
SELECT h.charge_id, 's' || h.session_id, k.customer_id, h.contract_id, h.template_id, h.rating_version, h.seconds,
  h.minutes, 0, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0), s.session_key, h.session_id, 0, h.steps, h.created_ms
FROM charge h JOIN session s ON s.session_id = h.session_id JOIN contract k ON k.contract_id = h.contract_id;
DROP TABLE charge;
ALTER TABLE charge_new RENAME TO charge;
CREATE INDEX charge_by_subject ON charge (subject, charge_id);
CREATE INDEX charge_by_customer ON charge (customer_id, at_ms);
CREATE INDEX charge_by_session ON charge (session_id, charge_id);

CREATE TABLE entry_new (  -- append-only; what it says to accounts is in entry_line
  entry_id INTEGER PRIMARY KEY, contract_id INTEGER NOT NULL REFERENCES contract,
  customer_id INTEGER NOT NULL REFERENCES customer,
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'consumption', 'accrual', 'cover', 'overage', 'hold', 'included', 'settle', 'expiry',
    'roll_over', 'fee', 'completion', 'adjustment', 'reversal')),
  at_ms INTEGER NOT NULL,  -- the moment it belongs to
  subject TEXT NOT NULL,
  minutes INTEGER NOT NULL, amount INTEGER NOT NULL,  -- what it adds to the figure of the contract people look at
  session_id INTEGER REFERENCES session, charge_id INTEGER REFERENCES charge,
  reverses_entry_id INTEGER UNIQUE REFERENCES entry, reason TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
INSERT INTO entry_new
SELECT e.entry_id, e.contract_id, k.customer_id, e.kind,
  CASE WHEN s.session_id IS NULL THEN e.created_ms ELSE COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0) END,
  CASE WHEN e.session_id IS NULL THEN '' ELSE 's' || e.session_id END, e.minutes, 0, e.session_id, e.charge_id,
  e.reverses_entry_id, e.reason, e.created_ms
FROM entry e JOIN contract k ON k.contract_id = e.contract_id LEFT JOIN session s ON s.session_id = e.session_id;
DROP TABLE entry;
ALTER TABLE entry_new RENAME TO entry;
CREATE INDEX entry_by_contract ON entry (contract_id, entry_id);
CREATE INDEX entry_by_customer ON entry (customer_id, at_ms);
CREATE INDEX entry_by_session ON entry (session_id);
CREATE INDEX entry_by_charge ON entry (charge_id);

CREATE TABLE charge_part (  -- append-only: the sessions that are charged as one, and by which attribution
  session_id INTEGER NOT NULL REFERENCES session, charge_id INTEGER NOT NULL REFERENCES charge,
  attribution_id INTEGER NOT NULL REFERENCES attribution, seconds INTEGER NOT NULL,
  PRIMARY KEY (session_id, charge_id)) STRICT;
CREATE INDEX charge_part_by_charge ON charge_part (charge_id);
INSERT INTO charge_part (session_id, charge_id, attribution_id, seconds)
SELECT h.session_id, h.charge_id, a.attribution_id, h.seconds
FROM charge h JOIN attribution_of_charge a ON a.charge_id = h.charge_id;
DROP TABLE attribution_of_charge;

CREATE TABLE account (  -- quantity is the sum of its lines, kept so that a balance need not be summed up
  account_id INTEGER PRIMARY KEY, contract_id INTEGER NOT NULL REFERENCES contract,
  kind TEXT NOT NULL CHECK (kind IN ('left', 'due', 'sold', 'work', 'covered', 'expired', 'fees')),
  lot TEXT NOT NULL, unit TEXT NOT NULL, quantity INTEGER NOT NULL,
  UNIQUE (contract_id, kind, lot, unit)) STRICT;

CREATE TABLE entry_line (  -- append-only; the lines of one entry sum to zero in each unit
  entry_id INTEGER NOT NULL REFERENCES entry, line INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account,
  quantity INTEGER NOT NULL CHECK (quantity <> 0), PRIMARY KEY (entry_id, line)) STRICT;

-- The entries the ledger wrote by itself and has not reversed: at most one for each thing they are about.
CREATE TABLE open_entry (
  entry_id INTEGER PRIMARY KEY REFERENCES entry, customer_id INTEGER NOT NULL REFERENCES customer,
  contract_id INTEGER NOT NULL, about TEXT NOT NULL, subject TEXT NOT NULL, at_ms INTEGER NOT NULL,
  UNIQUE (contract_id, about, subject)) STRICT;
CREATE INDEX open_entry_by_customer ON open_entry (customer_id, at_ms);

-- Whose ledgers are to be planned anew, from which moment on, and when that is due.
CREATE TABLE ledger_todo (
  customer_id INTEGER PRIMARY KEY REFERENCES customer, from_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
CREATE INDEX ledger_todo_due ON ledger_todo (due_ms);

-- Time bought, used and to be billed, as accounts know it.
INSERT INTO account (contract_id, kind, lot, unit, quantity)
SELECT e.contract_id, CASE c.model WHEN 'prepaid' THEN 'left' ELSE 'due' END, '', 'min',
  SUM(CASE c.model WHEN 'prepaid' THEN e.minutes ELSE -e.minutes END)
FROM entry e JOIN contract c ON c.contract_id = e.contract_id GROUP BY e.contract_id, c.model;
INSERT INTO account (contract_id, kind, lot, unit, quantity)
SELECT e.contract_id, 'sold', '', 'min', SUM(-e.minutes) FROM entry e
WHERE e.charge_id IS NULL GROUP BY e.contract_id;
INSERT INTO account (contract_id, kind, lot, unit, quantity)
SELECT e.contract_id, 'work', '', 'min', SUM(CASE c.model WHEN 'prepaid' THEN -e.minutes ELSE e.minutes END)
FROM entry e JOIN contract c ON c.contract_id = e.contract_id
WHERE e.charge_id IS NOT NULL GROUP BY e.contract_id;
INSERT INTO entry_line (entry_id, line, account_id, quantity)
SELECT e.entry_id, 1, a.account_id, CASE c.model WHEN 'prepaid' THEN e.minutes ELSE -e.minutes END
FROM entry e JOIN contract c ON c.contract_id = e.contract_id
JOIN account a ON a.contract_id = e.contract_id AND a.kind IN ('left', 'due')
WHERE e.minutes <> 0;
INSERT INTO entry_line (entry_id, line, account_id, quantity)
SELECT e.entry_id, 2, a.account_id, CASE c.model WHEN 'prepaid' THEN -e.minutes ELSE e.minutes END
FROM entry e JOIN contract c ON c.contract_id = e.contract_id
JOIN account a ON a.contract_id = e.contract_id
  AND a.kind = CASE WHEN e.charge_id IS NULL THEN 'sold' ELSE 'work' END
WHERE e.minutes <> 0;
INSERT INTO open_entry (entry_id, customer_id, contract_id, about, subject, at_ms)
SELECT e.entry_id, e.customer_id, e.contract_id, 'charge', e.subject, e.at_ms
FROM entry e LEFT JOIN entry r ON r.reverses_entry_id = e.entry_id
WHERE e.kind IN ('consumption', 'accrual') AND r.entry_id IS NULL;

-- What a session's attribution is worth to the ledger is now asked attribution by attribution.
INSERT INTO pipeline_cursor VALUES ('rate', 0);
-- Contracts that end, or have ended, are looked at once.
INSERT INTO ledger_todo (customer_id, from_ms, due_ms) SELECT DISTINCT customer_id, 0, 0 FROM contract;

DROP INDEX session_watch_posted;
ALTER TABLE session_watch DROP COLUMN posted;

CREATE TRIGGER charge_no_update BEFORE UPDATE ON charge
BEGIN SELECT RAISE(ABORT, 'charge is append-only: UPDATE is refused'); END;
CREATE TRIGGER charge_no_delete BEFORE DELETE ON charge
BEGIN SELECT RAISE(ABORT, 'charge is append-only: DELETE is refused'); END;
CREATE TRIGGER charge_part_no_update BEFORE UPDATE ON charge_part
BEGIN SELECT RAISE(ABORT, 'charge_part is append-only: UPDATE is refused'); END;
CREATE TRIGGER charge_part_no_delete BEFORE DELETE ON charge_part
BEGIN SELECT RAISE(ABORT, 'charge_part is append-only: DELETE is refused'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entry is append-only: UPDATE is refused'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entry is append-only: DELETE is refused'); END;
CREATE TRIGGER entry_line_no_update BEFORE UPDATE ON entry_line
BEGIN SELECT RAISE(ABORT, 'entry_line is append-only: UPDATE is refused'); END;
CREATE TRIGGER entry_line_no_delete BEFORE DELETE ON entry_line
BEGIN SELECT RAISE(ABORT, 'entry_line is append-only: DELETE is refused'); END;
