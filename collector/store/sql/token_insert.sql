-- Makes an enrolment token; only the hash of its secret is kept.
INSERT INTO enrolment_token (secret_hash, workstation, label, uses_max, replaces, created_ms, expires_ms)
VALUES (:secret_hash, :workstation, :label, :uses_max, :replaces, :created_ms, :expires_ms)
RETURNING token_id
