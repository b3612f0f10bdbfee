-- Finds the attributions in force that are ready and have no charge yet. They are charged in order, and one that was
-- passed over can never come into force again, so those before the newest charge need no look.
SELECT a.attribution_id, a.session_id, a.session_revision, a.comment_id, a.directory_version, a.disposition,
  a.technician_id, a.technician_rule, a.customer_id, a.terminal_id, a.contract_id, a.no_charge,
  a.override_min, a.text, a.reasons, a.steps, a.created_ms, a.decision_number, a.stated_start_ms, a.stated_end_ms,
  a.work_type
FROM attribution a
JOIN session s ON s.session_id = a.session_id AND s.revision = a.session_revision
LEFT JOIN charge c ON c.attribution_id = a.attribution_id
WHERE a.disposition = 'ready' AND c.charge_id IS NULL
  AND a.attribution_id > (SELECT COALESCE(MAX(attribution_id), 0) FROM charge)
  AND a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = a.session_id)
ORDER BY a.attribution_id LIMIT :limit
