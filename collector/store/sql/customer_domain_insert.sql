-- Gives a mail domain to a customer.
INSERT INTO customer_domain (domain, customer_id) VALUES (:domain, :customer_id)
