-- Finds one agent, to check its key and its revocation.
SELECT agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms, revoked_ms, last_seen_ms
FROM agent WHERE agent_id = :agent_id
