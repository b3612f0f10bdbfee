-- Lists the holidays of all calendars.
SELECT calendar, day, name FROM holiday ORDER BY calendar, day
