-- Tells whether an agent that may speak has this workstation's name.
SELECT COUNT(*) FROM agent WHERE workstation = :workstation AND revoked_ms IS NULL
