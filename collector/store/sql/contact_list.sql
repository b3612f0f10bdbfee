-- Lists the contacts of one customer, or of all; the primary one first.
SELECT contact_id, customer_id, first_name, surname, email, phone, is_primary FROM contact
WHERE CAST(:customer_id AS BIGINT) = 0 OR customer_id = :customer_id ORDER BY customer_id, is_primary DESC, contact_id
