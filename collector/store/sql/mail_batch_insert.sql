-- Something waits for a reader from now on; if something did already, it waits with that.
INSERT INTO mail_batch (customer_id, kind, partner_id, closes_ms, held_by, detail, session_id, since_ms, until_ms, look_ms,
  directory_version)
VALUES (:customer_id, :kind, :partner_id, :closes_ms, '', '', NULL, :now_ms, 0, :closes_ms, 9223372036854775807)
ON CONFLICT (customer_id, kind, partner_id) DO NOTHING
