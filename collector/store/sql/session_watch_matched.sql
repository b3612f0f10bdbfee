-- Notes that a session has its comment still, whatever changed beside it.
UPDATE session_watch SET neighbour = 0 WHERE session_id = :session_id
