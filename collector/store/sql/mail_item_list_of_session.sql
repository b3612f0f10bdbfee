-- Fetches what was, or is to be, told of a session, alone or with those it was charged together with.
SELECT i.mail_item_id, i.customer_id, i.session_id, i.entry_id, i.window_closes_ms, i.mail_id, i.created_ms, i.kind, i.partner_id,
  i.notice_id
FROM charge_part p JOIN entry e ON e.charge_id = p.charge_id JOIN mail_item i ON i.entry_id = e.entry_id
WHERE p.session_id = :session_id AND i.kind = :kind AND i.dropped_ms IS NULL ORDER BY i.mail_item_id
