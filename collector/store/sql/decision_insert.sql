-- Adds what a person decided about a session, behind what was decided before.
INSERT INTO decision (session_id, number, decided_ms, who, why, released, held, withdrawn, no_charge, charge_min, comment,
  technician_id, customer_id, terminal_id, contract_id, started_ms, ended_ms, work_type)
VALUES (:session_id, (SELECT COALESCE(MAX(number), 0) + 1 FROM decision WHERE session_id = :session_id), :decided_ms, :who,
  :why, :released, :held, :withdrawn, :no_charge, :charge_min, :comment, :technician_id, :customer_id, :terminal_id,
  :contract_id, :started_ms, :ended_ms, :work_type)
RETURNING number
