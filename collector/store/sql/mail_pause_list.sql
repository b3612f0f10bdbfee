-- Lists the accounts whose servers do not take mails at present.
SELECT account, since_ms, until_ms, failures, answer FROM mail_pause ORDER BY account
