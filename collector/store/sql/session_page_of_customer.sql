-- Finds the sessions of a customer, or of one of his contracts, that stand behind a place in their list.
SELECT s.session_id, COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0))
FROM attribution a
JOIN session s ON s.session_id = a.session_id
WHERE a.customer_id = :customer_id AND (CAST(:contract_id AS BIGINT) IS NULL OR a.contract_id = :contract_id)
  AND a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = a.session_id)
  AND COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) >= :from_ms
  AND COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) <= :place_ms
  AND (COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) < :place_ms OR s.session_id < :place_id)
ORDER BY COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) DESC, s.session_id DESC
LIMIT :limit
