-- Enrols an agent.
INSERT INTO agent (agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms, revoked_ms,
  last_seen_ms, certificate_until_ms, replaces)
VALUES (:agent_id, :workstation, :token_id, :record_key, :hostname, :os, :version, :enrolled_ms, :revoked_ms,
  :last_seen_ms, :certificate_until_ms, :replaces)
