-- Takes one use of a token, if there is one left.
UPDATE enrolment_token SET uses = uses + 1 WHERE token_id = :token_id AND uses < uses_max AND revoked_ms IS NULL
