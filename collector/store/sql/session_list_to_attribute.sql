-- Finds the sessions that attribution has to look at, for the first time or again.
SELECT s.session_id
FROM session_watch w
CROSS JOIN session s
LEFT JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE s.session_id = w.session_id
  AND s.outcome IN ('completed', 'abandoned', 'partial')
  -- What was billed is frozen with all that is charged together with it, whatever comes in late.
  AND NOT EXISTS (SELECT 1 FROM billed_session b WHERE b.session_id = s.session_id)
  AND NOT EXISTS (
    SELECT 1 FROM charge_part p
    JOIN charge h ON h.charge_id = p.charge_id
    JOIN charge_part q ON q.charge_id = p.charge_id
    JOIN billed_session b ON b.session_id = q.session_id
    WHERE p.session_id = s.session_id
      AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.subject = h.subject AND n.charge_id > h.charge_id))
  AND (
    a.attribution_id IS NULL
    OR w.asked = 1
    OR a.session_revision < s.revision
    OR (a.disposition IN ('review', 'pending_comment')
      AND a.directory_version < (SELECT version FROM directory_state))
    OR EXISTS (
      SELECT 1 FROM session_comment c
      WHERE c.remote_id = s.remote_id
        AND c.started_ms BETWEEN COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms) - :tolerance_ms
                             AND COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms) + :tolerance_ms
        AND c.comment_id > a.comments_seen_id)
    OR (a.disposition = 'pending_comment' AND COALESCE(a.stated_end_ms, s.ended_ms) + :wait_ms < :now_ms))
ORDER BY w.session_id LIMIT :limit
