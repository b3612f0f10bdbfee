-- Changes a technician, if anything differs.
UPDATE technician SET name = :name, email = :email, active = :active, grade = :grade
WHERE number = :number AND (name <> :name OR email <> :email OR active <> :active OR grade <> :grade)
