-- Finds the person who logs in.
SELECT user_id, name, role, password_hash, created_ms FROM app_user WHERE name = :name
