-- Loads the customers.
SELECT customer_id, code, name, email, language FROM customer ORDER BY customer_id
