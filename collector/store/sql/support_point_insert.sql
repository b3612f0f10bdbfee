-- Adds a support point.
INSERT INTO support_point (technician_id, workstation, anydesk_id, valid_from_ms, valid_to_ms)
VALUES (:technician_id, :workstation, :anydesk_id, :valid_from_ms, :valid_to_ms)
RETURNING support_point_id
