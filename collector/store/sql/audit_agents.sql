-- Lists every agent with its key, as it is stored.
SELECT agent_id, workstation, record_key FROM agent ORDER BY agent_id
