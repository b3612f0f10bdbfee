-- Keeps an attribution, and up to which comment it could know.
INSERT INTO attribution (session_id, session_revision, comment_id, directory_version, comments_seen_id, disposition,
  technician_id, technician_rule, customer_id, terminal_id, contract_id, no_charge, override_min, text, reasons, steps,
  created_ms, decision_number, stated_start_ms, stated_end_ms, work_type)
VALUES (:session_id, :session_revision, :comment_id, :directory_version,
  (SELECT COALESCE(MAX(comment_id), 0) FROM session_comment), :disposition,
  :technician_id, :technician_rule, :customer_id, :terminal_id, :contract_id, :no_charge, :override_min, :text,
  :reasons, :steps, :created_ms, :decision_number, :stated_start_ms, :stated_end_ms, :work_type)
RETURNING attribution_id
