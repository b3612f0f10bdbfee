-- Lists the newest alarms.
SELECT alarm_id, agent_id, kind, epoch, seq, detail, evidence, raised_ms FROM alarm ORDER BY alarm_id DESC LIMIT :limit
