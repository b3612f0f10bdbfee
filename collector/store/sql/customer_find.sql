-- Finds a customer by its code.
SELECT customer_id, code, name, email, language, rank, tax_id, street, city, country, state, postal_code, phone, fax
FROM customer WHERE code = :code
