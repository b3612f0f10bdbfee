-- Notes what an agent said about itself when it connected.
UPDATE agent SET last_seen_ms = :last_seen_ms, hostname = :hostname, os = :os, version = :version,
  trust_digest = :trust_digest, held_until_ms = :held_until_ms, held_authority = :held_authority
WHERE agent_id = :agent_id
