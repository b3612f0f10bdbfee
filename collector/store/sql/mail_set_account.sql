-- Gives a mail to another account.
UPDATE mail SET account = :account WHERE mail_id = :mail_id
