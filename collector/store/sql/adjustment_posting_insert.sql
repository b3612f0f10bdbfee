-- Keeps that the ledger has an adjustment.
INSERT INTO adjustment_posting (adjustment_id, charge_id, minutes, amount, entry_id, posted_ms)
VALUES (:adjustment_id, :charge_id, :minutes, :amount, :entry_id, :posted_ms)
