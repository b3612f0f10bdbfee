-- Tells the newest moment that was noted of agents that are not revoked, and of the log.
SELECT MAX(noted_ms) FROM (
  SELECT MAX(enrolled_ms) AS noted_ms FROM agent WHERE revoked_ms IS NULL
  UNION ALL SELECT MAX(last_seen_ms) FROM agent WHERE revoked_ms IS NULL
  UNION ALL SELECT signed_ms FROM (SELECT signed_ms FROM checkpoint ORDER BY tree_size DESC LIMIT 1) AS newest
) AS noted
