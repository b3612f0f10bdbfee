-- Lists the terminals as they were and are.
SELECT terminal_id, customer_id, address, description, valid_from_ms, valid_to_ms, withdrawn_ms FROM terminal
ORDER BY terminal_id
