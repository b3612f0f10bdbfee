-- Finds the charge in force that a session is a part of.
SELECT h.charge_id, h.subject, h.customer_id, h.contract_id, h.template_id, h.rating_version, h.seconds, h.minutes,
  h.amount, h.at_ms, h.tie, h.session_id, h.voided, h.steps, h.created_ms, h.may_exceed, h.rerating_id, ''
FROM charge_part p JOIN charge h ON h.charge_id = p.charge_id
WHERE p.session_id = :session_id
  AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.subject = h.subject AND n.charge_id > h.charge_id)
ORDER BY h.charge_id DESC LIMIT 1
