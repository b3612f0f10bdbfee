-- Fetches one session.
SELECT session_id, COALESCE(agent_id, ''), session_key, workstation, anydesk_id, remote_id, kind, outcome, requested_ms, started_ms,
  ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id, witness, doubts, abandon_cause,
  duration_boot_ms, duration_boot_uncertainty_ms, clock_jumped, over_length, overnight, remote_id_withheld, window_pid,
  reconnects, boot_id
FROM session WHERE session_id = :session_id
