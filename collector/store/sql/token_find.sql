-- Finds the enrolment token an agent presents, and how often it was used.
SELECT token_id, workstation, label, uses_max, uses, replaces, created_ms, expires_ms, revoked_ms
FROM enrolment_token WHERE secret_hash = :secret_hash
