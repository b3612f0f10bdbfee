-- Ends a token before its time; the first time of revocation stays.
UPDATE enrolment_token SET revoked_ms = COALESCE(revoked_ms, :revoked_ms) WHERE token_id = :token_id
