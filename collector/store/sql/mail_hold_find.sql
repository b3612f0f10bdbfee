-- Fetches why what is due for a customer is not composed yet.
SELECT customer_id, kind, reason, detail, session_id, since_ms, until_ms, look_ms, directory_version
FROM mail_hold WHERE customer_id = :customer_id AND kind = :kind
