-- Ends the watch over a session that was just attributed for good.
DELETE FROM session_watch WHERE session_id = :session_id
