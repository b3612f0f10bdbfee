-- Finds the customers who have to be told something now.
SELECT DISTINCT customer_id FROM mail_item WHERE mail_id IS NULL AND dropped_ms IS NULL AND window_closes_ms <= :now_ms
ORDER BY customer_id
