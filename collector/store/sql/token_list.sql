-- Lists the enrolment tokens, newest first.
SELECT token_id, workstation, label, uses_max, uses, replaces, created_ms, expires_ms, revoked_ms
FROM enrolment_token ORDER BY token_id DESC LIMIT :limit
