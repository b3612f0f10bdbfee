-- Notes that a session came from this record, too.
INSERT INTO session_record (session_id, record_id) VALUES (:session_id, :record_id)
ON CONFLICT (session_id, record_id) DO NOTHING
