-- Finds where the chain of changes stands, and its newest row.
SELECT number, head, (SELECT COALESCE(MAX(change.number), 0) FROM change) FROM change_state
