-- Finds a contract by its name, and whether its terms are frozen by entries.
SELECT contract_id, model, template_id,
  (SELECT COUNT(*) FROM entry e WHERE e.contract_id = c.contract_id)
FROM contract c WHERE customer_id = :customer_id AND name = :name
