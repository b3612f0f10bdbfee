-- Keeps why what is due for a customer is not composed yet.
INSERT INTO mail_hold (customer_id, kind, reason, detail, session_id, since_ms, until_ms, look_ms, directory_version)
VALUES (:customer_id, :kind, :reason, :detail, :session_id, :since_ms, :until_ms, :look_ms, :directory_version)
ON CONFLICT (customer_id, kind) DO UPDATE SET reason = excluded.reason, detail = excluded.detail,
  session_id = excluded.session_id, since_ms = excluded.since_ms, until_ms = excluded.until_ms,
  look_ms = excluded.look_ms, directory_version = excluded.directory_version
