-- Changes a customer, if anything differs.
UPDATE customer SET name = :name, email = :email, language = :language
WHERE code = :code AND (name <> :name OR email <> :email OR language <> :language)
