-- Puts an agent into quarantine; the first reason stays.
UPDATE agent SET quarantined_ms = :quarantined_ms, quarantine_reason = :reason
WHERE agent_id = :agent_id AND quarantined_ms IS NULL
