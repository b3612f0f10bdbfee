-- Keeps what is known of a contract's notices before a moment.
INSERT INTO notice_state (contract_id, before_ms, entries, state) VALUES (:contract_id, :before_ms, :entries, :state)
ON CONFLICT (contract_id, before_ms) DO UPDATE SET entries = excluded.entries, state = excluded.state
