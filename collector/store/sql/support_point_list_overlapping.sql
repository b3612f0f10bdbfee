-- Finds the same support point at any moment of a validity.
SELECT support_point_id FROM support_point
WHERE technician_id = :technician_id AND workstation = :workstation AND anydesk_id = :anydesk_id
  AND COALESCE(valid_from_ms, -9223372036854775807) < COALESCE(CAST(:valid_to_ms AS BIGINT), 9223372036854775807)
  AND COALESCE(CAST(:valid_from_ms AS BIGINT), -9223372036854775807) < COALESCE(valid_to_ms, 9223372036854775807)
ORDER BY support_point_id
