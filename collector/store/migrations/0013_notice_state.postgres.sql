-- What was known of a contract's notices before a moment, so that its ledger is not read from the first entry each time
-- (collector/pipeline/notices.h). Without the row it is.

CREATE TABLE notice_state (
  contract_id BIGINT PRIMARY KEY REFERENCES contract, before_ms BIGINT NOT NULL, state TEXT NOT NULL);
