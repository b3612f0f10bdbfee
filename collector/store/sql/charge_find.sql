-- Finds a charge.
SELECT charge_id, subject, customer_id, contract_id, template_id, rating_version, seconds, minutes, amount, at_ms, tie,
  session_id, voided, steps, created_ms, may_exceed, rerating_id, inputs
FROM charge WHERE charge_id = :charge_id
