-- Finds the sessions that stand behind a place in the list of all, those whose start a person stated left out.
SELECT s.session_id, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)
FROM session s
WHERE COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0) >= :from_ms
  AND COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0) <= :place_ms
  AND (COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0) < :place_ms OR s.session_id < :place_id)
  AND (CAST(:outcome AS TEXT) IS NULL OR s.outcome = :outcome)
  AND (CAST(:technician_id AS BIGINT) IS NULL OR EXISTS (
    SELECT 1 FROM attribution t WHERE t.technician_id = :technician_id AND t.attribution_id =
      (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)))
  AND (CAST(:billed AS BIGINT) IS NULL OR CAST(:billed AS BIGINT) =
    CASE WHEN EXISTS (SELECT 1 FROM billed_session b WHERE b.session_id = s.session_id) THEN 1 ELSE 0 END
    OR CAST(:billed AS BIGINT) = 1 AND EXISTS (
      SELECT 1 FROM charge_part g JOIN charge_part y ON y.charge_id = g.charge_id
      JOIN billed_session f ON f.session_id = y.session_id WHERE g.session_id = s.session_id))
  AND NOT EXISTS (
    SELECT 1 FROM attribution n WHERE n.stated_start_ms IS NOT NULL AND n.attribution_id =
      (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id))
ORDER BY COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0) DESC, s.session_id DESC
LIMIT :limit
