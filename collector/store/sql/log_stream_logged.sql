-- Notes how much of a stream is in the log.
UPDATE stream SET logged_seq = :logged_seq WHERE agent_id = :agent_id AND epoch = :epoch
