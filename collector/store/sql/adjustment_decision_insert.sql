-- Keeps whether an adjustment is to be posted.
INSERT INTO adjustment_decision (adjustment_id, released, who, why, decided_ms)
VALUES (:adjustment_id, :released, :who, :why, :decided_ms)
