-- Notes that a person gave a mail up.
UPDATE mail SET cancelled_ms = :cancelled_ms WHERE mail_id = :mail_id
