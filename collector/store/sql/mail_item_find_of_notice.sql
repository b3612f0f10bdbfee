-- Looks whether a notice was ever queued.
SELECT mail_item_id FROM mail_item WHERE notice_id = :notice_id
