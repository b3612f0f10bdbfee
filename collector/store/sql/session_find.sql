-- Fetches one session.
SELECT session_id, agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome, requested_ms, started_ms,
  ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id
FROM session WHERE session_id = :session_id
