-- Adds a customer.
INSERT INTO customer (code, name, email, language) VALUES (:code, :name, :email, :language)
RETURNING customer_id
