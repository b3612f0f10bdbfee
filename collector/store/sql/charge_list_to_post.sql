-- Finds the charges in force that are not in the ledger yet.
SELECT c.charge_id, c.attribution_id, c.session_id, c.contract_id, c.template_id, c.rating_version, c.seconds,
  c.minutes, c.steps, c.created_ms
FROM charge c
LEFT JOIN entry e ON e.charge_id = c.charge_id
WHERE e.entry_id IS NULL
  AND c.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = c.session_id)
ORDER BY c.charge_id LIMIT :limit
