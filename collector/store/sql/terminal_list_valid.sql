-- Lists the addresses that are some customer's now.
SELECT address FROM terminal
WHERE withdrawn_ms IS NULL
  AND (valid_from_ms IS NULL OR valid_from_ms <= :now_ms) AND (valid_to_ms IS NULL OR :now_ms < valid_to_ms)
ORDER BY terminal_id
