-- Keeps what the rule made of a session, or of several that are charged as one.
INSERT INTO charge (subject, customer_id, contract_id, template_id, rating_version, seconds, minutes, amount, at_ms, tie,
  session_id, voided, steps, created_ms, may_exceed, rerating_id, inputs)
VALUES (:subject, :customer_id, :contract_id, :template_id, :rating_version, :seconds, :minutes, :amount, :at_ms, :tie,
  :session_id, :voided, :steps, :created_ms, :may_exceed, :rerating_id, :inputs)
RETURNING charge_id
