-- Adds a partner.
INSERT INTO partner (code, name, email, language) VALUES (:code, :name, :email, :language)
RETURNING partner_id
