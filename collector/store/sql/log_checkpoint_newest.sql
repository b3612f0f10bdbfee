-- Finds the newest checkpoint of the log.
SELECT tree_size, root, note, signed_ms FROM checkpoint ORDER BY tree_size DESC LIMIT 1
