-- Tells whether there is an attribution that was not rated yet.
SELECT attribution_id FROM attribution WHERE attribution_id > :attribution_id ORDER BY attribution_id LIMIT 1
