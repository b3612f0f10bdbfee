-- Fetches the charges in force of a customer from a moment on, without those that are billed.
SELECT h.charge_id, h.subject, h.customer_id, h.contract_id, h.template_id, h.rating_version, h.seconds, h.minutes,
  h.amount, h.at_ms, h.tie, h.session_id, h.voided, '', h.created_ms, h.may_exceed, h.rerating_id, ''
FROM charge h
WHERE h.customer_id = :customer_id AND h.at_ms >= :from_ms AND h.voided = 0
  AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.subject = h.subject AND n.charge_id > h.charge_id)
  AND NOT EXISTS (
    SELECT 1 FROM charge_part p JOIN billed_session b ON b.session_id = p.session_id WHERE p.charge_id = h.charge_id)
ORDER BY h.at_ms, h.charge_id
