-- Adds an entry to a contract's ledger.
INSERT INTO entry (contract_id, customer_id, kind, at_ms, subject, minutes, amount, session_id, charge_id,
  reverses_entry_id, reason, created_ms)
VALUES (:contract_id, :customer_id, :kind, :at_ms, :subject, :minutes, :amount, :session_id, :charge_id,
  :reverses_entry_id, :reason, :created_ms)
RETURNING entry_id
