-- Finds the series a session is in.
SELECT s.series_id, s.customer_id, s.made_ms, s.who
FROM series_member m JOIN series s ON s.series_id = m.series_id
WHERE m.series_member_id = (SELECT MAX(l.series_member_id) FROM series_member l WHERE l.session_id = :session_id)
