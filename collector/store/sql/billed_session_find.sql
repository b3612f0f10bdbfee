-- Finds the document in which a session stands.
SELECT document FROM billed_session WHERE session_id = :session_id
