-- Keeps a mail word for word before anybody sends it.
INSERT INTO mail (customer_id, message_id, recipient, subject, raw, state, attempts, next_try_ms, last_error,
  created_ms, sent_ms, kind, partner_id, account, sender)
VALUES (:customer_id, :message_id, :recipient, :subject, :raw, :state, :attempts, :next_try_ms, :last_error,
  :created_ms, :sent_ms, :kind, :partner_id, :account, :sender)
RETURNING mail_id
