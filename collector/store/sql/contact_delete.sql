-- Removes a contact.
DELETE FROM contact WHERE contact_id = :contact_id
