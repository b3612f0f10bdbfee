-- Finds a session that another agent of the same machine told of: one that this agent replaced, or one with its AnyDesk ID.
SELECT session_id, agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome, requested_ms, started_ms,
  ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id, witness, doubts, abandon_cause,
  duration_boot_ms, duration_boot_uncertainty_ms, clock_jumped, over_length, overnight, remote_id_withheld, window_pid,
  reconnects, boot_id
FROM session
WHERE session_key = :session_key AND agent_id <> :agent_id AND (
  (anydesk_id <> '' AND anydesk_id = :anydesk_id)
  OR agent_id IN (
    WITH RECURSIVE line (agent_id) AS (
      SELECT replaces FROM agent WHERE agent_id = :agent_id
      UNION
      SELECT a.replaces FROM agent a JOIN line ON a.agent_id = line.agent_id)
    SELECT agent_id FROM line WHERE agent_id IS NOT NULL))
ORDER BY session_id LIMIT 1
