-- What was due is composed, or nothing is due any more.
DELETE FROM mail_hold WHERE customer_id = :customer_id AND kind = :kind
