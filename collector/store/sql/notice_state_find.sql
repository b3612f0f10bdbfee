-- Fetches what was known of a contract's notices before a moment.
SELECT before_ms, state FROM notice_state WHERE contract_id = :contract_id
