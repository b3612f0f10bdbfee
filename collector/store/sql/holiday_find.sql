-- Finds what a day is called in a calendar.
SELECT name FROM holiday WHERE calendar = :calendar AND day = :day
