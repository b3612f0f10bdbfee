-- Keeps a signed checkpoint of the log.
INSERT INTO checkpoint (tree_size, root, note, signed_ms) VALUES (:tree_size, :root, :note, :signed_ms)
