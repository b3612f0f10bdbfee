-- Finds a partner by its number.
SELECT partner_id, code, name, email, language FROM partner WHERE partner_id = :partner_id
