-- Finds the entry that reverses another one.
SELECT entry_id FROM entry WHERE reverses_entry_id = :entry_id
