-- Lists what became of handing a mail over, each time.
SELECT account, started_ms, ended_ms, outcome, answer FROM mail_attempt WHERE mail_id = :mail_id ORDER BY mail_attempt_id
