-- Finds the end of the chain of changes.
SELECT number, hash FROM change ORDER BY number DESC LIMIT 1
