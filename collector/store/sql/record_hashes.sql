-- Fetches stored hashes, to tell a duplicate from a conflict.
SELECT hash FROM record WHERE agent_id = :agent_id AND epoch = :epoch AND seq >= :first_seq
ORDER BY seq LIMIT :limit
