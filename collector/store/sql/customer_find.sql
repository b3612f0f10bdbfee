-- Finds a customer by its code.
SELECT customer_id FROM customer WHERE code = :code
