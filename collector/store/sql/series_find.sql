-- Fetches a series.
SELECT series_id, customer_id, made_ms, who FROM series WHERE series_id = :series_id
