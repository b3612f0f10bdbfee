-- Says that something changed about who may speak.
UPDATE trust_state SET version = version + 1
