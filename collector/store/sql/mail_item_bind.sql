-- Binds an item to the mail that tells it, once.
UPDATE mail_item SET mail_id = :mail_id
WHERE mail_item_id = :mail_item_id AND customer_id = :customer_id AND kind = :kind AND mail_id IS NULL AND dropped_ms IS NULL
