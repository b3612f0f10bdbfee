-- Reads where the chain of changes stands, as it is stored.
SELECT number, head, logged_number FROM change_state ORDER BY only_row
