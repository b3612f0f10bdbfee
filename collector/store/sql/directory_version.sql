-- Tells which state of the directory this is.
SELECT version FROM directory_state
