-- Adds a line to a contract's ledger.
INSERT INTO entry (contract_id, kind, minutes, session_id, charge_id, reverses_entry_id, reason, created_ms)
VALUES (:contract_id, :kind, :minutes, :session_id, :charge_id, :reverses_entry_id, :reason, :created_ms)
RETURNING entry_id
