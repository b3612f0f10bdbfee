-- Makes a series, still without members.
INSERT INTO series (customer_id, made_ms, who) VALUES (:customer_id, :made_ms, :who)
RETURNING series_id
