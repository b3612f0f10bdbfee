-- Queues one entry to be told to its customer.
INSERT INTO mail_item (customer_id, session_id, entry_id, window_closes_ms, mail_id, created_ms)
VALUES (:customer_id, :session_id, :entry_id, :window_closes_ms, NULL, :created_ms)
