-- Puts the whole known state of a session; its revision grows if anything but the newest record differs.
INSERT INTO session (agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome, requested_ms, started_ms,
  ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id)
VALUES (:agent_id, :session_key, :workstation, :anydesk_id, :remote_id, :kind, :outcome, :requested_ms, :started_ms,
  :ended_ms, :last_seen_ms, :end_reason, :clock_backwards, 1, :last_record_id)
ON CONFLICT (agent_id, session_key) DO UPDATE SET
  workstation = excluded.workstation, anydesk_id = excluded.anydesk_id, remote_id = excluded.remote_id,
  kind = excluded.kind, outcome = excluded.outcome, requested_ms = excluded.requested_ms,
  started_ms = excluded.started_ms, ended_ms = excluded.ended_ms, last_seen_ms = excluded.last_seen_ms,
  end_reason = excluded.end_reason, clock_backwards = excluded.clock_backwards,
  last_record_id = excluded.last_record_id,
  revision = session.revision + CASE
    WHEN session.workstation = excluded.workstation AND session.anydesk_id = excluded.anydesk_id
      AND session.remote_id = excluded.remote_id AND session.kind = excluded.kind
      AND session.outcome = excluded.outcome AND session.requested_ms IS NOT DISTINCT FROM excluded.requested_ms
      AND session.started_ms IS NOT DISTINCT FROM excluded.started_ms
      AND session.ended_ms IS NOT DISTINCT FROM excluded.ended_ms
      AND session.last_seen_ms IS NOT DISTINCT FROM excluded.last_seen_ms
      AND session.end_reason = excluded.end_reason AND session.clock_backwards = excluded.clock_backwards
    THEN 0 ELSE 1 END
RETURNING session_id, revision
