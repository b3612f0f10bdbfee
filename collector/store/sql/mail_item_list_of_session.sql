-- Fetches what was, or is to be, told of a session.
SELECT mail_item_id, customer_id, session_id, entry_id, window_closes_ms, mail_id, created_ms, kind, partner_id, notice_id
FROM mail_item WHERE session_id = :session_id AND kind = :kind AND dropped_ms IS NULL ORDER BY mail_item_id
