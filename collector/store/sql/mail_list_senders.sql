-- Lists the senders of the mails of an account whose next try is due, the longest waiting first.
SELECT sender FROM mail WHERE state = 'composed' AND account = :account AND next_try_ms <= :now_ms
GROUP BY sender ORDER BY MIN(next_try_ms), MIN(mail_id)
