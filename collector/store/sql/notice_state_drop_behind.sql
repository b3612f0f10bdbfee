-- Forgets what was known of a contract's notices before all moments behind one.
DELETE FROM notice_state WHERE contract_id = :contract_id AND before_ms > :until_ms
