-- Asks whether an entry still speaks for its subject.
SELECT 1 FROM open_entry WHERE entry_id = :entry_id
