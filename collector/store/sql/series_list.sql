-- Lists the series that have members, newest first.
SELECT s.series_id, s.customer_id, s.made_ms, s.who
FROM series s
WHERE EXISTS (
  SELECT 1 FROM series_member m
  WHERE m.series_id = s.series_id AND m.series_member_id = (
    SELECT MAX(l.series_member_id) FROM series_member l WHERE l.session_id = m.session_id))
ORDER BY s.series_id DESC LIMIT :limit
