-- Notes that an entry was reversed.
DELETE FROM open_entry WHERE entry_id = :entry_id
