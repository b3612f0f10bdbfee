-- Notes a record this version cannot read, for a later one.
INSERT INTO undecoded_record (record_id, reason) VALUES (:record_id, :reason)
