-- Notes how far a step of the pipeline has come.
INSERT INTO pipeline_cursor (step, position) VALUES (:step, :position)
ON CONFLICT (step) DO UPDATE SET position = excluded.position
