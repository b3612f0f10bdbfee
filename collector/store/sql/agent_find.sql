-- Finds one agent, to check its key and whether it may speak.
SELECT agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms, revoked_ms, last_seen_ms,
  quarantined_ms, quarantine_reason, trust_digest, certificate_until_ms, replaces,
  held_until_ms, held_authority
FROM agent WHERE agent_id = :agent_id
