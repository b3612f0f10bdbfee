-- Notes when a mail told a notice.
UPDATE notice SET mailed_ms = :mailed_ms WHERE notice_id = :notice_id
