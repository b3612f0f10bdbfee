-- Reads the chain of changes, as it is stored.
SELECT number, changed_ms, who, action, object, object_key, before, after, why, hash FROM change ORDER BY number
