-- Keeps what a billed session ought to be charged for, and up to which comment that could know.
INSERT INTO adjustment (session_id, charge_id, comment_id, comments_seen_id, technician_id, no_charge, override_min, text,
  reasons, steps, waits, minutes, amount, who, why, created_ms)
VALUES (:session_id, :charge_id, :comment_id, (SELECT COALESCE(MAX(comment_id), 0) FROM session_comment), :technician_id,
  :no_charge, :override_min, :text, :reasons, :steps, :waits, :minutes, :amount, :who, :why, :created_ms)
RETURNING adjustment_id
