-- Reads every checkpoint of the log.
SELECT tree_size, root, note, signed_ms FROM checkpoint ORDER BY tree_size
