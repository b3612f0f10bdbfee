-- Adds a technician.
INSERT INTO technician (number, name, email, active, grade) VALUES (:number, :name, :email, :active, :grade)
RETURNING technician_id
