-- Lists what is held.
SELECT customer_id, kind, partner_id, closes_ms, held_by, detail, session_id, since_ms, until_ms, look_ms, directory_version
FROM mail_batch WHERE held_by <> '' ORDER BY customer_id, kind DESC, partner_id
