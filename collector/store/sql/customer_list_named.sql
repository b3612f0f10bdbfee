-- Finds the customers that have a name.
SELECT customer_id, code, name, email, language, rank, tax_id, street, city, country, state, postal_code, phone, fax
FROM customer WHERE name = :name ORDER BY customer_id
