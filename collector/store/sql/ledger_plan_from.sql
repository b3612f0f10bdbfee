-- Finds how far back a plan must begin for what was held before, and for charges that took effect later than at their own moment.
SELECT MIN(at_ms) FROM (
  SELECT e.at_ms FROM entry e JOIN open_entry o ON o.entry_id = e.entry_id
  WHERE e.customer_id = :customer_id AND e.kind = 'hold' AND e.at_ms < :from_ms
  UNION ALL
  SELECT h.at_ms FROM entry e JOIN charge h ON h.charge_id = e.charge_id JOIN open_entry o ON o.entry_id = e.entry_id
  WHERE e.customer_id = :customer_id AND e.at_ms >= :from_ms AND h.at_ms < :from_ms) AS earlier
