-- Notes that a mail came back.
UPDATE mail SET bounced_ms = :bounced_ms, bounce = :bounce WHERE mail_id = :mail_id
