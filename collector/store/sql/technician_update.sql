-- Changes a technician, if anything differs.
UPDATE technician SET name = :name, email = :email, active = :active
WHERE number = :number AND (name <> :name OR email <> :email OR active <> :active)
