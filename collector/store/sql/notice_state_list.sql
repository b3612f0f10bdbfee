-- Lists the moments before which a contract's notices are known.
SELECT before_ms, entries FROM notice_state WHERE contract_id = :contract_id ORDER BY before_ms DESC
