-- Fetches the history of a session's charges.
SELECT charge_id, attribution_id, session_id, contract_id, template_id, rating_version, seconds, minutes, steps,
  created_ms
FROM charge WHERE session_id = :session_id ORDER BY charge_id
