-- Finds a contract by its name, what of it is frozen by entries, and whether there are any.
SELECT contract_id, model, template_id, start_day, end_day, time_zone, currency, exhaustion, overage_per_hour, period, included_min, roll_over_min, fee, units,
  CASE WHEN EXISTS (SELECT 1 FROM entry e WHERE e.contract_id = c.contract_id) THEN 1 ELSE 0 END
FROM contract c WHERE customer_id = :customer_id AND name = :name
