-- Takes a day out of a calendar.
DELETE FROM holiday WHERE calendar = :calendar AND day = :day
