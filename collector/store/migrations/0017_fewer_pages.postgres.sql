-- What the pipeline writes for each session lands on fewer pages: an index less where another one leads to the same rows
-- (docs/performance.md).

DROP INDEX entry_by_session;      -- through charge_by_session and entry_by_charge
DROP INDEX mail_item_by_session;  -- through the session's entries
DROP INDEX charge_by_contract;    -- through charge_by_customer: a contract has one customer
DROP INDEX open_entry_by_customer;  -- through entry_by_customer

-- What was known of a contract's notices before several moments, so that a session that comes late does not have the
-- whole ledger read (collector/pipeline/notice_ladder.h). What was kept so far is worked out again.
DROP TABLE notice_state;
CREATE TABLE notice_state (
  contract_id BIGINT NOT NULL REFERENCES contract, before_ms BIGINT NOT NULL,
  entries BIGINT NOT NULL,  -- how many it was made of
  state TEXT NOT NULL, PRIMARY KEY (contract_id, before_ms));
