-- Fetches what a mail told.
SELECT mail_item_id, customer_id, session_id, entry_id, window_closes_ms, mail_id, created_ms, kind, partner_id, notice_id
FROM mail_item WHERE mail_id = :mail_id ORDER BY mail_item_id
