-- Finds when the window closes that runs for a customer.
SELECT MIN(window_closes_ms)
FROM mail_item
WHERE customer_id = :customer_id AND kind <> 'notice' AND mail_id IS NULL AND dropped_ms IS NULL
