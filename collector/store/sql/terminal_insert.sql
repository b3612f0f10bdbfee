-- Adds a terminal.
INSERT INTO terminal (customer_id, address, description, valid_from_ms, valid_to_ms)
VALUES (:customer_id, :address, :description, :valid_from_ms, :valid_to_ms)
RETURNING terminal_id
