-- Lists who uses a workstation or an AnyDesk ID, in time.
SELECT support_point_id, technician_id, workstation, anydesk_id, valid_from_ms, valid_to_ms FROM support_point
WHERE workstation = :workstation AND anydesk_id = :anydesk_id
ORDER BY COALESCE(valid_from_ms, -9223372036854775807), support_point_id
