-- Changes a customer, if anything differs.
UPDATE customer SET name = :name, email = :email, language = :language, rank = :rank, tax_id = :tax_id,
  street = :street, city = :city, country = :country, state = :state, postal_code = :postal_code, phone = :phone,
  fax = :fax
WHERE code = :code AND (name <> :name OR email <> :email OR language <> :language OR rank <> :rank
  OR tax_id <> :tax_id OR street <> :street OR city <> :city OR country <> :country OR state <> :state
  OR postal_code <> :postal_code OR phone <> :phone OR fax <> :fax)
