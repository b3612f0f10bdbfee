-- Notes what became of handing a mail over.
INSERT INTO mail_attempt (mail_id, account, started_ms, ended_ms, outcome, answer)
VALUES (:mail_id, :account, :started_ms, :ended_ms, :outcome, :answer)
