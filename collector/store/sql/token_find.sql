-- Finds the enrolment token an agent presents, and who used it.
SELECT t.token_id, t.workstation, t.created_ms, t.expires_ms, a.agent_id
FROM enrolment_token t LEFT JOIN agent a ON a.token_id = t.token_id
WHERE t.secret_hash = :secret_hash
