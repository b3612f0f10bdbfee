-- Tells how far a step of the pipeline has come.
SELECT position FROM pipeline_cursor WHERE step = :step
