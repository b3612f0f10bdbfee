-- Adds a version of a template.
INSERT INTO template (name, version, free_s, first_block_s, grace_s, increment_s, boundary, grace_scope,
  max_charge_min)
VALUES (:name, :version, :free_s, :first_block_s, :grace_s, :increment_s, :boundary, :grace_scope, :max_charge_min)
RETURNING template_id
