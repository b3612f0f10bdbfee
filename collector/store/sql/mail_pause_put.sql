-- Keeps that an account's server does not take mails at present.
INSERT INTO mail_pause (account, since_ms, until_ms, failures, answer)
VALUES (:account, :since_ms, :until_ms, :failures, :answer)
ON CONFLICT (account) DO UPDATE SET since_ms = excluded.since_ms, until_ms = excluded.until_ms,
  failures = excluded.failures, answer = excluded.answer
