-- Fetches a notice.
SELECT notice_id, contract_id, customer_id, kind, threshold, occasion, at_ms, left_quantity, of_quantity, unit, session_id, created_ms,
  over_ms, mailed_ms
FROM notice WHERE notice_id = :notice_id
