-- Changes a contact, if anything differs.
UPDATE contact SET first_name = :first_name, surname = :surname, phone = :phone, is_primary = :is_primary
WHERE contact_id = :contact_id AND (first_name <> :first_name OR surname <> :surname OR phone <> :phone
  OR is_primary <> :is_primary)
