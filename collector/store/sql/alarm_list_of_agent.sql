-- Lists the alarms about one agent, newest first.
SELECT alarm_id, agent_id, kind, epoch, seq, detail, evidence, raised_ms FROM alarm
WHERE agent_id = :agent_id ORDER BY alarm_id DESC LIMIT :limit
