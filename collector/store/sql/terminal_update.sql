-- Changes a terminal, if anything differs.
UPDATE terminal SET description = :description, valid_from_ms = :valid_from_ms, valid_to_ms = :valid_to_ms
WHERE terminal_id = :terminal_id AND (description <> :description
  OR valid_from_ms IS DISTINCT FROM :valid_from_ms OR valid_to_ms IS DISTINCT FROM :valid_to_ms)
