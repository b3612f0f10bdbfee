-- Takes an agent out of quarantine.
UPDATE agent SET quarantined_ms = NULL, quarantine_reason = '' WHERE agent_id = :agent_id AND quarantined_ms IS NOT NULL
