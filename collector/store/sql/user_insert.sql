-- Adds a person who may log in.
INSERT INTO app_user (name, role, password_hash, created_ms) VALUES (:name, :role, :password_hash, :created_ms)
RETURNING user_id
