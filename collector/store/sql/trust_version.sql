-- Tells whether anything changed about who may speak.
SELECT version FROM trust_state
