-- Gives a holiday another name, if it differs.
UPDATE holiday SET name = :name WHERE calendar = :calendar AND day = :day AND name <> :name
