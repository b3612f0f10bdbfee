-- Puts the whole known state of a session; its revision grows if anything differs but the newest record and its boot.
INSERT INTO session (agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome, requested_ms, started_ms,
  ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id, witness, doubts, abandon_cause,
  duration_boot_ms, duration_boot_uncertainty_ms, clock_jumped, over_length, overnight, remote_id_withheld, window_pid,
  reconnects, boot_id)
VALUES (:agent_id, :session_key, :workstation, :anydesk_id, :remote_id, :kind, :outcome, :requested_ms, :started_ms,
  :ended_ms, :last_seen_ms, :end_reason, :clock_backwards, 1, :last_record_id, :witness, :doubts, :abandon_cause,
  :duration_boot_ms, :duration_boot_uncertainty_ms, :clock_jumped, :over_length, :overnight, :remote_id_withheld,
  :window_pid, :reconnects, :boot_id)
ON CONFLICT (agent_id, session_key) DO UPDATE SET
  workstation = excluded.workstation, anydesk_id = excluded.anydesk_id, remote_id = excluded.remote_id,
  kind = excluded.kind, outcome = excluded.outcome, requested_ms = excluded.requested_ms,
  started_ms = excluded.started_ms, ended_ms = excluded.ended_ms, last_seen_ms = excluded.last_seen_ms,
  end_reason = excluded.end_reason, clock_backwards = excluded.clock_backwards,
  last_record_id = excluded.last_record_id,
  witness = excluded.witness,
  doubts = excluded.doubts,
  abandon_cause = excluded.abandon_cause,
  duration_boot_ms = excluded.duration_boot_ms,
  duration_boot_uncertainty_ms = excluded.duration_boot_uncertainty_ms,
  clock_jumped = excluded.clock_jumped,
  over_length = excluded.over_length,
  overnight = excluded.overnight,
  remote_id_withheld = excluded.remote_id_withheld,
  window_pid = excluded.window_pid,
  reconnects = excluded.reconnects,
  boot_id = excluded.boot_id,
  revision = session.revision + CASE
    WHEN session.workstation = excluded.workstation AND session.anydesk_id = excluded.anydesk_id
      AND session.remote_id = excluded.remote_id AND session.kind = excluded.kind
      AND session.outcome = excluded.outcome AND session.requested_ms IS NOT DISTINCT FROM excluded.requested_ms
      AND session.started_ms IS NOT DISTINCT FROM excluded.started_ms
      AND session.ended_ms IS NOT DISTINCT FROM excluded.ended_ms
      AND session.last_seen_ms IS NOT DISTINCT FROM excluded.last_seen_ms
      AND session.end_reason = excluded.end_reason AND session.clock_backwards = excluded.clock_backwards
      AND session.witness = excluded.witness
      AND session.doubts = excluded.doubts
      AND session.abandon_cause = excluded.abandon_cause
      AND session.duration_boot_ms IS NOT DISTINCT FROM excluded.duration_boot_ms
      AND session.duration_boot_uncertainty_ms = excluded.duration_boot_uncertainty_ms
      AND session.clock_jumped = excluded.clock_jumped
      AND session.over_length = excluded.over_length
      AND session.overnight = excluded.overnight
      AND session.remote_id_withheld = excluded.remote_id_withheld
      AND session.window_pid = excluded.window_pid
      AND session.reconnects = excluded.reconnects
    THEN 0 ELSE 1 END
RETURNING session_id, revision
