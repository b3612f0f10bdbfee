-- Loads the decisions to rate again, with the rules they put in place.
SELECT r.rerating_id, r.contract_id, r.from_ms, r.to_ms, r.template_id, t.template_id, t.name, t.version, t.free_s, t.first_block_s, t.grace_s,
  t.increment_s, t.boundary, t.grace_scope, t.min_charge_min, t.max_charge_min, t.round_group, t.weights, t.rate_per_hour,
  t.base_fee
FROM rerating r
JOIN contract c ON c.contract_id = r.contract_id
JOIN template t ON t.template_id = COALESCE(r.template_id, c.template_id)
ORDER BY r.rerating_id
