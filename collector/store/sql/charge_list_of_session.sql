-- Fetches the history of the charges a session was a part of, or was taken out of.
SELECT charge_id, subject, customer_id, contract_id, template_id, rating_version, seconds, minutes, amount, at_ms, tie,
  session_id, voided, steps, created_ms, may_exceed, rerating_id, inputs
FROM charge WHERE session_id = :session_id
  OR charge_id IN (SELECT p.charge_id FROM charge_part p WHERE p.session_id = :session_id)
ORDER BY charge_id
