-- Fetches a contract's ledger.
SELECT entry_id, contract_id, kind, minutes, session_id, charge_id, reverses_entry_id, reason, created_ms
FROM entry WHERE contract_id = :contract_id ORDER BY entry_id
