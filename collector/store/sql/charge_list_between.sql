-- Fetches a contract's charges in force of some time, the rule of each, and with what they were billed.
SELECT h.charge_id, h.subject, h.customer_id, h.contract_id, h.template_id, h.rating_version, h.seconds, h.minutes,
  h.amount, h.at_ms, h.tie, h.session_id, h.voided, h.steps, h.created_ms, h.may_exceed, h.rerating_id, '',
  t.name, t.version,
  (SELECT MIN(b.document) FROM charge_part p JOIN billed_session b ON b.session_id = p.session_id
   WHERE p.charge_id = h.charge_id)
FROM charge h JOIN template t ON t.template_id = h.template_id
WHERE h.customer_id = (SELECT k.customer_id FROM contract k WHERE k.contract_id = :contract_id)
  AND h.contract_id = :contract_id AND h.at_ms >= :from_ms AND h.at_ms < :to_ms AND h.voided = 0
  AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.subject = h.subject AND n.charge_id > h.charge_id)
ORDER BY h.at_ms, h.tie, h.charge_id
