-- Fetches the attribution in force.
SELECT attribution_id, session_id, session_revision, comment_id, directory_version, disposition, technician_id,
  technician_rule, customer_id, terminal_id, contract_id, no_charge, override_min, text, reasons, steps, created_ms,
  decision_number, stated_start_ms, stated_end_ms, work_type
FROM attribution WHERE session_id = :session_id ORDER BY attribution_id DESC LIMIT 1
