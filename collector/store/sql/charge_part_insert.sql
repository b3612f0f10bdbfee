-- Keeps a session that a charge is made of.
INSERT INTO charge_part (session_id, charge_id, attribution_id, seconds)
VALUES (:session_id, :charge_id, :attribution_id, :seconds)
