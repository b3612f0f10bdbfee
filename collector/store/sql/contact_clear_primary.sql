-- Makes room for another primary contact.
UPDATE contact SET is_primary = 0 WHERE customer_id = :customer_id AND is_primary = 1
