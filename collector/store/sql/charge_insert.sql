-- Keeps what the rule made of a session.
INSERT INTO charge (attribution_id, session_id, contract_id, template_id, rating_version, seconds, minutes, steps,
  created_ms)
VALUES (:attribution_id, :session_id, :contract_id, :template_id, :rating_version, :seconds, :minutes, :steps,
  :created_ms)
RETURNING charge_id
