-- Fetches the latest of what was known of a contract's notices that is not for a moment behind another.
SELECT before_ms, entries, state FROM notice_state
WHERE contract_id = :contract_id AND before_ms <= :until_ms ORDER BY before_ms DESC LIMIT 1
