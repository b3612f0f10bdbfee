-- Lists the records nobody could read yet.
SELECT record_id, reason FROM undecoded_record ORDER BY record_id LIMIT :limit
