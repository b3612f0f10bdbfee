-- Notes what somebody should be told of a contract.
INSERT INTO notice (contract_id, customer_id, kind, threshold, occasion, at_ms, left_quantity, of_quantity, unit, session_id, created_ms)
VALUES (:contract_id, :customer_id, :kind, :threshold, :occasion, :at_ms, :left_quantity, :of_quantity, :unit, :session_id, :created_ms)
RETURNING notice_id
