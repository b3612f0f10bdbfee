-- Lists the accounts of mails that are not sent yet.
SELECT DISTINCT account FROM mail WHERE state IN ('composed', 'sending') ORDER BY account
