-- An account's server takes mails again.
DELETE FROM mail_pause WHERE account = :account
