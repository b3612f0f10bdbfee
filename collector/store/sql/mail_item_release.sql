-- What a mail told that was given up is to be told by another one.
UPDATE mail_item SET mail_id = NULL WHERE mail_id = :mail_id
