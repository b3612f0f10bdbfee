-- Notes until when an agent's newest certificate is valid.
UPDATE agent SET certificate_until_ms = :certificate_until_ms WHERE agent_id = :agent_id
