-- Fetches attributions in order, each with its session, whether it is the one in force, and what rating has to look for.
SELECT a.attribution_id, a.session_id, a.session_revision, a.comment_id, a.directory_version, a.disposition,
  a.technician_id, a.technician_rule, a.customer_id, a.terminal_id, a.contract_id, a.no_charge,
  a.override_min, a.text, '', '', a.created_ms, a.decision_number, a.stated_start_ms, a.stated_end_ms,
  a.work_type,
  s.session_id, COALESCE(s.agent_id, ''), s.session_key, s.workstation, s.anydesk_id, s.remote_id, s.kind, s.outcome,
  s.requested_ms, s.started_ms, s.ended_ms, s.last_seen_ms, s.end_reason, s.clock_backwards, s.revision, s.last_record_id,
  s.witness, s.doubts, s.abandon_cause, s.duration_boot_ms, s.duration_boot_uncertainty_ms, s.clock_jumped, s.over_length,
  s.overnight, s.remote_id_withheld, s.window_pid, s.reconnects, s.boot_id,
  CASE WHEN EXISTS (SELECT 1 FROM attribution l WHERE l.session_id = a.session_id AND l.attribution_id > a.attribution_id)
    THEN 0 ELSE 1 END,
  CASE WHEN EXISTS (SELECT 1 FROM series_member m WHERE m.session_id = a.session_id) THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (SELECT 1 FROM charge h WHERE h.session_id = a.session_id)
    OR EXISTS (SELECT 1 FROM charge_part p WHERE p.session_id = a.session_id) THEN 1 ELSE 0 END
FROM attribution a CROSS JOIN session s
WHERE s.session_id = a.session_id AND a.attribution_id > :attribution_id
ORDER BY a.attribution_id LIMIT :limit
