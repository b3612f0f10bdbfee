-- Forgets what was known of a contract's notices before a moment.
DELETE FROM notice_state WHERE contract_id = :contract_id AND before_ms = :before_ms
