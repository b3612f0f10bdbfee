-- Adds to what an account holds.
INSERT INTO account (contract_id, kind, lot, unit, quantity) VALUES (:contract_id, :kind, :lot, :unit, :quantity)
ON CONFLICT (contract_id, kind, lot, unit) DO UPDATE SET quantity = account.quantity + excluded.quantity
RETURNING account_id
