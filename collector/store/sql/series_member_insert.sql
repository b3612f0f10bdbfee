-- Notes that a session joined a series, or left the one it was in.
INSERT INTO series_member (session_id, series_id, changed_ms, who, why)
VALUES (:session_id, :series_id, :changed_ms, :who, :why)
