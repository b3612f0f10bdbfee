-- Lists what is due and not composed yet.
SELECT customer_id, kind, reason, detail, session_id, since_ms, until_ms, look_ms, directory_version
FROM mail_hold ORDER BY customer_id, kind
