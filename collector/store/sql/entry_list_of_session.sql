-- Fetches what a session did to the ledger.
SELECT entry_id, contract_id, kind, minutes, session_id, charge_id, reverses_entry_id, reason, created_ms
FROM entry WHERE session_id = :session_id ORDER BY entry_id
