-- Finds how far back a plan must begin for what was held before, and for charges that took effect later than at their own moment.
SELECT MIN(at_ms) FROM (
  SELECT e.at_ms FROM entry e JOIN open_entry o ON o.entry_id = e.entry_id
  WHERE e.customer_id = :customer_id AND e.kind = 'hold' AND e.at_ms < :from_ms
  UNION ALL
  SELECT h.at_ms FROM open_entry o JOIN entry e ON e.entry_id = o.entry_id JOIN charge h ON h.charge_id = e.charge_id
  WHERE o.customer_id = :customer_id AND o.at_ms >= :from_ms AND h.at_ms < :from_ms) AS earlier
