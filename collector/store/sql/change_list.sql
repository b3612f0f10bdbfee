-- Lists changes, newest first, of one object if one is named.
SELECT number, changed_ms, who, action, object, object_key, before, after, why, hash FROM change
WHERE (:object = '' OR object = :object) AND (:object_key = '' OR object_key = :object_key)
ORDER BY number DESC LIMIT :limit
