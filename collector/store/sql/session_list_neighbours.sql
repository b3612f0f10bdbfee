-- Finds the sessions whose comment may be another one's, since sessions beside them changed.
SELECT s.session_id
FROM session_watch w
CROSS JOIN session s
WHERE s.session_id = w.session_id AND w.neighbour = 1
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
ORDER BY w.session_id LIMIT :limit
