-- Finds the oldest decision to rate again that was not carried out yet.
SELECT rerating_id, contract_id, from_ms, to_ms, template_id, decided_ms, who, why
FROM rerating WHERE rerating_id > :rerating_id ORDER BY rerating_id LIMIT 1
