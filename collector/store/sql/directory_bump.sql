-- Says that the directory has changed.
UPDATE directory_state SET version = version + 1 RETURNING version
