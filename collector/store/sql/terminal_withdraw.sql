-- Takes a row out of a terminal's history as a mistake; it stays readable.
UPDATE terminal SET withdrawn_ms = :withdrawn_ms WHERE terminal_id = :terminal_id AND withdrawn_ms IS NULL
