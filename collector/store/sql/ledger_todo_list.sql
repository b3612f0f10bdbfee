-- Fetches whose ledgers are to be planned now.
SELECT customer_id, from_ms FROM ledger_todo WHERE due_ms <= :now_ms ORDER BY due_ms, customer_id LIMIT :limit
