-- Finds a customer's contact by its address.
SELECT contact_id, customer_id, first_name, surname, email, phone, is_primary FROM contact
WHERE customer_id = :customer_id AND email = :email
