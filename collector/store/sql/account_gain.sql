-- Adds to what a known account holds.
UPDATE account SET quantity = quantity + :quantity WHERE account_id = :account_id
