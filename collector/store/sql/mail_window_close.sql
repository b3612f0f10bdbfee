-- Closes every window that is still open.
UPDATE mail_item SET window_closes_ms = :now_ms WHERE mail_id IS NULL AND dropped_ms IS NULL AND window_closes_ms > :now_ms
