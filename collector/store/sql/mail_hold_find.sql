-- Fetches when the window of a reader closes, and why what waits for him is not composed yet.
SELECT customer_id, kind, partner_id, closes_ms, held_by, detail, session_id, since_ms, until_ms, look_ms, directory_version
FROM mail_batch WHERE customer_id = :customer_id AND kind = :kind AND partner_id = :partner_id
