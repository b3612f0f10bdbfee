-- Notes that a customer's ledgers are as they must be.
DELETE FROM ledger_todo WHERE customer_id = :customer_id
