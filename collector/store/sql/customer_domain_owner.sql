-- Finds whose mail domain it is.
SELECT c.code FROM customer_domain d JOIN customer c ON c.customer_id = d.customer_id WHERE d.domain = :domain
