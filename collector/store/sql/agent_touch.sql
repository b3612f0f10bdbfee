-- Notes when an agent was last heard of.
UPDATE agent SET last_seen_ms = :last_seen_ms WHERE agent_id = :agent_id
