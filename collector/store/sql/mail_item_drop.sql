-- Takes an item out that no mail is to tell: it is no longer so, or nobody is to be told.
UPDATE mail_item SET dropped_ms = :now_ms WHERE mail_item_id = :mail_item_id AND mail_id IS NULL
