-- Adds a day to a calendar.
INSERT INTO holiday (calendar, day, name) VALUES (:calendar, :day, :name)
