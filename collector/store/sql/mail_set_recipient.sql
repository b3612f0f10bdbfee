-- Sends a mail to another address than it was composed for.
UPDATE mail SET recipient = :recipient WHERE mail_id = :mail_id
