-- Fetches the sessions a charge is made of.
SELECT session_id, attribution_id, seconds FROM charge_part WHERE charge_id = :charge_id ORDER BY session_id
