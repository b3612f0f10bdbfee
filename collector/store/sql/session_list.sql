-- Lists sessions, newest first, all or those the filter names.
SELECT session_id, COALESCE(agent_id, ''), session_key, workstation, anydesk_id, remote_id, kind, outcome, requested_ms, started_ms,
  ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id, witness, doubts, abandon_cause,
  duration_boot_ms, duration_boot_uncertainty_ms, clock_jumped, over_length, overnight, remote_id_withheld, window_pid,
  reconnects, boot_id
FROM session s
WHERE (CAST(:outcome AS TEXT) IS NULL OR s.outcome = :outcome)
  AND (CAST(:remote_id AS TEXT) IS NULL OR s.remote_id = :remote_id)
  AND (CAST(:from_ms AS BIGINT) IS NULL
    OR COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms) >= :from_ms)
  AND (CAST(:to_ms AS BIGINT) IS NULL
    OR COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms) < :to_ms)
ORDER BY COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0) DESC, s.session_id DESC
LIMIT :limit
