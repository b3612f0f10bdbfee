-- Finds the stream behind (agent, epoch) that log_leaf has rows of.
SELECT agent_id, epoch FROM log_leaf WHERE (agent_id, epoch) > (:agent, :epoch) ORDER BY agent_id, epoch LIMIT 1
