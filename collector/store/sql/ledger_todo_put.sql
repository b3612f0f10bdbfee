-- Has a customer's ledgers planned anew from a moment on, not later than was asked for before.
INSERT INTO ledger_todo (customer_id, from_ms, due_ms) VALUES (:customer_id, :from_ms, :due_ms)
ON CONFLICT (customer_id) DO UPDATE SET
  from_ms = CASE WHEN excluded.from_ms < ledger_todo.from_ms THEN excluded.from_ms ELSE ledger_todo.from_ms END,
  due_ms = CASE WHEN excluded.due_ms < ledger_todo.due_ms THEN excluded.due_ms ELSE ledger_todo.due_ms END
