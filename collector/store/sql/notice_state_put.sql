-- Keeps what is known of a contract's notices before a moment.
INSERT INTO notice_state (contract_id, before_ms, state) VALUES (:contract_id, :before_ms, :state)
ON CONFLICT (contract_id) DO UPDATE SET before_ms = excluded.before_ms, state = excluded.state
