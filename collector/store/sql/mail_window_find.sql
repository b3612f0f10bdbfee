-- Finds when the window closes that runs for a customer and those who are told with him. Who cannot be told has none.
SELECT MIN(closes_ms)
FROM mail_batch
WHERE customer_id = :customer_id AND kind <> 'notice' AND held_by NOT IN ('error', 'no_address')
