-- Adds a contact.
INSERT INTO contact (customer_id, first_name, surname, email, phone, is_primary)
VALUES (:customer_id, :first_name, :surname, :email, :phone, :is_primary)
RETURNING contact_id
