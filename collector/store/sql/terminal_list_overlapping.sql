-- Finds who has an AnyDesk address at any moment of a validity.
SELECT terminal_id, customer_id FROM terminal
WHERE address = :address AND withdrawn_ms IS NULL
  AND COALESCE(valid_from_ms, -9223372036854775807) < COALESCE(CAST(:valid_to_ms AS BIGINT), 9223372036854775807)
  AND COALESCE(CAST(:valid_from_ms AS BIGINT), -9223372036854775807) < COALESCE(valid_to_ms, 9223372036854775807)
ORDER BY terminal_id
