-- Adds a version of a template.
INSERT INTO template (name, version, free_s, first_block_s, grace_s, increment_s, boundary, grace_scope,
  min_charge_min, max_charge_min, round_group, weights, rate_per_hour, base_fee, contract)
VALUES (:name, :version, :free_s, :first_block_s, :grace_s, :increment_s, :boundary, :grace_scope,
  :min_charge_min, :max_charge_min, :round_group, :weights, :rate_per_hour, :base_fee, :contract)
RETURNING template_id
