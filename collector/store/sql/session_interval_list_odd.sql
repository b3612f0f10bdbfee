-- Lists the same of all sessions that are longer than a day or whose times a person stated: they are few.
SELECT s.session_id, a.technician_id, COALESCE(a.stated_start_ms, s.started_ms), COALESCE(a.stated_end_ms, s.ended_ms)
FROM (SELECT n.session_id FROM session n WHERE n.ended_ms - n.started_ms > 86400000
  UNION SELECT t.session_id FROM attribution t WHERE COALESCE(t.stated_start_ms, t.stated_end_ms) IS NOT NULL) o
JOIN session s ON s.session_id = o.session_id
JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE a.technician_id IS NOT NULL AND s.outcome <> 'failed'
  AND COALESCE(a.stated_end_ms, s.ended_ms) >= COALESCE(a.stated_start_ms, s.started_ms)
  AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.session_id = s.session_id AND d.withdrawn = 1)
