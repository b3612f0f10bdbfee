-- Counts, for each agent, the gaps in its traces and the records nobody could read.
SELECT a.agent_id,
  (SELECT COUNT(*) FROM gap g WHERE g.agent_id = a.agent_id),
  (SELECT COUNT(*) FROM undecoded_record u JOIN record r ON r.record_id = u.record_id WHERE r.agent_id = a.agent_id)
FROM agent a ORDER BY a.agent_id
