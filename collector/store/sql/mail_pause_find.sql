-- Fetches whether an account's server takes mails at present.
SELECT account, since_ms, until_ms, failures, answer FROM mail_pause WHERE account = :account
