-- Loads the support points.
SELECT support_point_id, technician_id, workstation, anydesk_id, valid_from_ms, valid_to_ms
FROM support_point ORDER BY support_point_id
