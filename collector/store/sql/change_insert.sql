-- Puts a change into the chain of changes.
INSERT INTO change (number, changed_ms, who, action, object, object_key, before, after, why, hash)
VALUES (:number, :changed_ms, :who, :action, :object, :object_key, :before, :after, :why, :hash)
