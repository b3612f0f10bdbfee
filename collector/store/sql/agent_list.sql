-- Lists the fleet.
SELECT agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms, revoked_ms, last_seen_ms
FROM agent ORDER BY workstation, enrolled_ms, agent_id
