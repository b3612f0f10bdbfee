-- Changes the validity of a support point, if it differs.
UPDATE support_point SET valid_from_ms = :valid_from_ms, valid_to_ms = :valid_to_ms
WHERE support_point_id = :support_point_id
  AND (valid_from_ms IS DISTINCT FROM :valid_from_ms OR valid_to_ms IS DISTINCT FROM :valid_to_ms)
