-- Finds the charge in force of a subject.
SELECT charge_id, subject, customer_id, contract_id, template_id, rating_version, seconds, minutes, amount, at_ms, tie,
  session_id, voided, steps, created_ms, may_exceed, rerating_id, ''
FROM charge WHERE subject = :subject ORDER BY charge_id DESC LIMIT 1
