-- Lists whose an address was, in time; what was a mistake at the end.
SELECT terminal_id, customer_id, address, description, valid_from_ms, valid_to_ms, withdrawn_ms FROM terminal
WHERE address = :address
ORDER BY CASE WHEN withdrawn_ms IS NULL THEN 0 ELSE 1 END, COALESCE(valid_from_ms, -9223372036854775807), terminal_id
