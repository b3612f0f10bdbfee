-- Adds a technician.
INSERT INTO technician (number, name, email, active) VALUES (:number, :name, :email, :active)
RETURNING technician_id
