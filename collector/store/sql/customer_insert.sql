-- Adds a customer.
INSERT INTO customer (code, name, email, language, rank, tax_id, street, city, country, state, postal_code, phone, fax)
VALUES (:code, :name, :email, :language, :rank, :tax_id, :street, :city, :country, :state, :postal_code, :phone, :fax)
RETURNING customer_id
