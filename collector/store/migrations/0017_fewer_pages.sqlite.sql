-- What the pipeline writes for each session lands on fewer pages: an index less where another one leads to the same rows,
-- and tables that are their own primary key. Each of these had cost a page of its own for nearly every session
-- (docs/performance.md).

DROP INDEX entry_by_session;      -- through charge_by_session and entry_by_charge
DROP INDEX mail_item_by_session;  -- through the session's entries
DROP INDEX charge_by_contract;    -- through charge_by_customer: a contract has one customer
DROP INDEX open_entry_by_customer;  -- through entry_by_customer

CREATE TABLE entry_line_new (
  entry_id INTEGER NOT NULL REFERENCES entry, line INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account,
  quantity INTEGER NOT NULL CHECK (quantity <> 0), PRIMARY KEY (entry_id, line)) STRICT, WITHOUT ROWID;
INSERT INTO entry_line_new SELECT entry_id, line, account_id, quantity FROM entry_line ORDER BY entry_id, line;
DROP TABLE entry_line;
ALTER TABLE entry_line_new RENAME TO entry_line;
CREATE TRIGGER entry_line_no_update BEFORE UPDATE ON entry_line
BEGIN SELECT RAISE(ABORT, 'entry_line is append-only: UPDATE is refused'); END;
CREATE TRIGGER entry_line_no_delete BEFORE DELETE ON entry_line
BEGIN SELECT RAISE(ABORT, 'entry_line is append-only: DELETE is refused'); END;

CREATE TABLE charge_part_new (
  session_id INTEGER NOT NULL REFERENCES session, charge_id INTEGER NOT NULL REFERENCES charge,
  attribution_id INTEGER NOT NULL REFERENCES attribution, seconds INTEGER NOT NULL,
  PRIMARY KEY (session_id, charge_id)) STRICT, WITHOUT ROWID;
INSERT INTO charge_part_new SELECT session_id, charge_id, attribution_id, seconds FROM charge_part
ORDER BY session_id, charge_id;
DROP TABLE charge_part;
ALTER TABLE charge_part_new RENAME TO charge_part;
CREATE INDEX charge_part_by_charge ON charge_part (charge_id);
CREATE TRIGGER charge_part_no_update BEFORE UPDATE ON charge_part
BEGIN SELECT RAISE(ABORT, 'charge_part is append-only: UPDATE is refused'); END;
CREATE TRIGGER charge_part_no_delete BEFORE DELETE ON charge_part
BEGIN SELECT RAISE(ABORT, 'charge_part is append-only: DELETE is refused'); END;

-- What was known of a contract's notices before several moments, so that a session that comes late does not have the
-- whole ledger read (collector/pipeline/notice_ladder.h). What was kept so far is worked out again.
DROP TABLE notice_state;
CREATE TABLE notice_state (
  contract_id INTEGER NOT NULL REFERENCES contract, before_ms INTEGER NOT NULL,
  entries INTEGER NOT NULL,  -- how many it was made of
  state TEXT NOT NULL, PRIMARY KEY (contract_id, before_ms)) STRICT, WITHOUT ROWID;
