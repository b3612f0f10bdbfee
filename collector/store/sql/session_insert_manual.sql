-- Adds a session that a person entered.
INSERT INTO session (agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome, started_ms, ended_ms,
  end_reason, clock_backwards, revision, last_record_id)
VALUES (NULL, :session_key, '', '', '', :kind, 'completed', :started_ms, :ended_ms, '', 0, 1, 0)
RETURNING session_id
