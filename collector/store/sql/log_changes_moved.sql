-- Finds the head of the chain of changes, if it is not in the log.
SELECT number, head FROM change_state WHERE number > logged_number
