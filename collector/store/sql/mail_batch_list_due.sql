-- Finds the readers who are to be told something now: a window has closed, what it waits for is to be looked at, or the
-- directory has changed since. What is held is not read.
SELECT customer_id, kind, partner_id FROM (
  SELECT customer_id, kind, partner_id FROM mail_batch WHERE look_ms <= :now_ms
  UNION
  SELECT customer_id, kind, partner_id FROM mail_batch WHERE directory_version < (SELECT version FROM directory_state)) AS due
ORDER BY customer_id + 0, kind DESC, partner_id LIMIT :limit
