-- Tells as what a session was ever charged.
SELECT subject FROM charge WHERE session_id = :session_id
UNION
SELECT h.subject FROM charge_part p JOIN charge h ON h.charge_id = p.charge_id WHERE p.session_id = :session_id
