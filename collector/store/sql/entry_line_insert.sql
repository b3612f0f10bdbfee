-- Adds a line to an entry.
INSERT INTO entry_line (entry_id, line, account_id, quantity) VALUES (:entry_id, :line, :account_id, :quantity)
