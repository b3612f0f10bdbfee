-- Finds the partners that have a name.
SELECT partner_id, code, name, email, language FROM partner WHERE name = :name ORDER BY partner_id
