-- Lists the agents that may not speak: revoked, or in quarantine.
SELECT agent_id FROM agent WHERE revoked_ms IS NOT NULL OR quarantined_ms IS NOT NULL
