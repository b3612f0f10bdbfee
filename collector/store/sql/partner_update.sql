-- Changes a partner, if anything differs.
UPDATE partner SET name = :name, email = :email, language = :language
WHERE code = :code AND (name <> :name OR email <> :email OR language <> :language)
