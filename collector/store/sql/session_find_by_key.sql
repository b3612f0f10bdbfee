-- Finds what is known so far of the session a fact tells about.
SELECT session_id, agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome, requested_ms, started_ms,
  ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id
FROM session WHERE agent_id = :agent_id AND session_key = :session_key
