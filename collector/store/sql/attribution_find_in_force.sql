-- Finds the attribution in force of a session, with the session and what rating has to look for.
SELECT a.attribution_id, a.session_id, a.session_revision, a.comment_id, a.directory_version, a.disposition,
  a.technician_id, a.technician_rule, a.customer_id, a.terminal_id, a.contract_id, a.no_charge,
  a.override_min, a.text, '', '', a.created_ms, a.decision_number, a.stated_start_ms, a.stated_end_ms,
  a.work_type,
  s.session_id, COALESCE(s.agent_id, ''), s.session_key, s.workstation, s.anydesk_id, s.remote_id, s.kind, s.outcome,
  s.requested_ms, s.started_ms, s.ended_ms, s.last_seen_ms, s.end_reason, s.clock_backwards, s.revision, s.last_record_id,
  s.witness, s.doubts, s.abandon_cause, s.duration_boot_ms, s.duration_boot_uncertainty_ms, s.clock_jumped, s.over_length,
  s.overnight, s.remote_id_withheld, s.window_pid, s.reconnects, s.boot_id,
  CASE WHEN EXISTS (SELECT 1 FROM series_member m WHERE m.session_id = s.session_id) THEN 1 ELSE 0 END
FROM session s JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE s.session_id = :session_id
