-- Keeps an alarm and what raised it.
INSERT INTO alarm (agent_id, kind, epoch, seq, detail, evidence, raised_ms)
VALUES (:agent_id, :kind, :epoch, :seq, :detail, :evidence, :raised_ms)
