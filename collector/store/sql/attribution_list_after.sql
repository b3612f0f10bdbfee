-- Fetches attributions in order, and whether each is the one in force of its session.
SELECT a.attribution_id, a.session_id, a.session_revision, a.comment_id, a.directory_version, a.disposition,
  a.technician_id, a.technician_rule, a.customer_id, a.terminal_id, a.contract_id, a.no_charge,
  a.override_min, a.text, a.reasons, a.steps, a.created_ms, a.decision_number, a.stated_start_ms, a.stated_end_ms,
  a.work_type,
  CASE WHEN a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = a.session_id)
    THEN 1 ELSE 0 END
FROM attribution a WHERE a.attribution_id > :attribution_id ORDER BY a.attribution_id LIMIT :limit
