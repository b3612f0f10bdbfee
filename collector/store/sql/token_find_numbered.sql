-- Finds an enrolment token by its number.
SELECT token_id, workstation, label, uses_max, uses, replaces, created_ms, expires_ms, revoked_ms
FROM enrolment_token WHERE token_id = :token_id
