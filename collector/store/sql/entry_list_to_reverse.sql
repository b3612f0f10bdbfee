-- Finds open entries of sessions whose attribution in force is no longer ready.
SELECT e.entry_id, e.contract_id, e.kind, e.minutes, e.session_id, e.charge_id, e.reverses_entry_id, e.reason,
  e.created_ms
FROM session_watch w
CROSS JOIN entry e
JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = e.session_id)
LEFT JOIN entry r ON r.reverses_entry_id = e.entry_id
WHERE e.session_id = w.session_id AND w.posted = 1 AND e.kind <> 'reversal' AND r.entry_id IS NULL AND a.disposition <> 'ready'
ORDER BY e.entry_id LIMIT :limit
