-- Enrols an agent; the database refuses a second use of its token.
INSERT INTO agent (agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms, revoked_ms,
  last_seen_ms)
VALUES (:agent_id, :workstation, :token_id, :record_key, :hostname, :os, :version, :enrolled_ms, :revoked_ms,
  :last_seen_ms)
