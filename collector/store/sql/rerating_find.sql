-- Finds one decision to rate again.
SELECT rerating_id, contract_id, from_ms, to_ms, template_id, decided_ms, who, why
FROM rerating WHERE rerating_id = :rerating_id
