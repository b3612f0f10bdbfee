-- Finds the charges in force that are not in the ledger yet. One that says what the session's open entry says
-- already is left out: the comment or the session was looked at again, and nothing changed for the customer.
-- They are posted in order, and one that was passed over can never come into force again.
SELECT c.charge_id, c.attribution_id, c.session_id, c.contract_id, c.template_id, c.rating_version, c.seconds,
  c.minutes, c.steps, c.created_ms
FROM charge c
LEFT JOIN entry e ON e.charge_id = c.charge_id
WHERE e.entry_id IS NULL
  AND c.charge_id > (SELECT COALESCE(MAX(charge_id), 0) FROM entry)
  AND c.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = c.session_id)
  AND NOT EXISTS (
    SELECT 1 FROM entry o
    JOIN charge p ON p.charge_id = o.charge_id
    LEFT JOIN entry r ON r.reverses_entry_id = o.entry_id
    WHERE o.session_id = c.session_id AND o.kind <> 'reversal' AND r.entry_id IS NULL
      AND p.contract_id = c.contract_id AND p.minutes = c.minutes)
ORDER BY c.charge_id LIMIT :limit
