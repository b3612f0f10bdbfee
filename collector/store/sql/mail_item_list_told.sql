-- Fetches by which entries a mail told of what is charged as one.
SELECT i.entry_id
FROM mail_item i JOIN entry e ON e.entry_id = i.entry_id
WHERE i.mail_id = :mail_id AND e.subject = :subject ORDER BY i.entry_id
