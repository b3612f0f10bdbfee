-- Notes that two sessions are not to be suggested as one series.
INSERT INTO series_dismissal (first_session_id, second_session_id, dismissed_ms, who)
VALUES (:first_session_id, :second_session_id, :dismissed_ms, :who)
ON CONFLICT (first_session_id, second_session_id) DO NOTHING
