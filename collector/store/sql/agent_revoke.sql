-- Revokes an agent; the first time of revocation stays.
UPDATE agent SET revoked_ms = COALESCE(revoked_ms, :revoked_ms) WHERE agent_id = :agent_id
