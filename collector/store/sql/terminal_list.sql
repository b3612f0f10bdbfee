-- Loads the terminals, without those that were a mistake.
SELECT terminal_id, customer_id, address, description, valid_from_ms, valid_to_ms, withdrawn_ms FROM terminal
WHERE withdrawn_ms IS NULL ORDER BY terminal_id
