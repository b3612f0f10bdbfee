-- Finds the charges in force that a decision to rate again covers and that do not know it; what is billed stays.
SELECT h.charge_id, h.subject, h.customer_id, h.contract_id, h.template_id, h.rating_version, h.seconds, h.minutes,
  h.amount, h.at_ms, h.tie, h.session_id, h.voided, h.steps, h.created_ms, h.may_exceed, h.rerating_id, ''
FROM charge h
WHERE h.customer_id = (SELECT k.customer_id FROM contract k WHERE k.contract_id = :contract_id)
  AND h.contract_id = :contract_id AND h.at_ms >= :from_ms AND h.at_ms < :to_ms AND h.voided = 0
  AND h.rerating_id < :rerating_id
  AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.subject = h.subject AND n.charge_id > h.charge_id)
  AND NOT EXISTS (
    SELECT 1 FROM charge_part p JOIN billed_session b ON b.session_id = p.session_id WHERE p.charge_id = h.charge_id)
ORDER BY h.at_ms, h.tie, h.charge_id LIMIT :limit
