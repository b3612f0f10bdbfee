-- Queues one thing to be told.
INSERT INTO mail_item (customer_id, session_id, entry_id, window_closes_ms, mail_id, created_ms, kind, partner_id, notice_id)
VALUES (:customer_id, :session_id, :entry_id, :window_closes_ms, NULL, :created_ms, :kind, :partner_id, :notice_id)
