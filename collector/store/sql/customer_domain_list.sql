-- Loads the mail domains of one customer, or of all.
SELECT customer_id, domain FROM customer_domain
WHERE CAST(:customer_id AS BIGINT) = 0 OR customer_id = :customer_id ORDER BY customer_id, domain
