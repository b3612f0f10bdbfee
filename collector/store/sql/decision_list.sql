-- Fetches all that was decided about a session.
SELECT session_id, number, decided_ms, who, why, released, held, withdrawn, no_charge, charge_min, comment,
  technician_id, customer_id, terminal_id, contract_id, started_ms, ended_ms, work_type
FROM decision WHERE session_id = :session_id ORDER BY number
