-- Finds one version of a template.
SELECT template_id, name, version, free_s, first_block_s, grace_s, increment_s, boundary, grace_scope, min_charge_min, max_charge_min,
  round_group, weights, rate_per_hour, base_fee, contract
FROM template WHERE name = :name AND version = :version
