-- Finds the newest mail that told a reader of a session, and what the session was charged in then.
SELECT i.mail_id, e.subject
FROM charge_part p
JOIN entry e ON e.charge_id = p.charge_id
JOIN mail_item i ON i.entry_id = e.entry_id
WHERE p.session_id = :session_id AND i.kind = :kind AND i.customer_id = :customer_id
  AND COALESCE(i.partner_id, 0) = :partner_id AND i.mail_id IS NOT NULL
ORDER BY i.mail_id DESC, i.mail_item_id DESC LIMIT 1
