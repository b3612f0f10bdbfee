-- Marks a mail before its first byte goes out.
UPDATE mail SET state = 'sending', attempts = attempts + 1, transport = :transport WHERE mail_id = :mail_id
