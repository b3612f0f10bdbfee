-- Notes how much of the chain of changes is in the log.
UPDATE change_state SET logged_number = :logged_seq
