-- Finds the agent that used a token with this record key.
SELECT agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms, revoked_ms, last_seen_ms,
  quarantined_ms, quarantine_reason, trust_digest, certificate_until_ms, replaces,
  held_until_ms, held_authority
FROM agent WHERE record_key = :record_key AND token_id = :token_id
