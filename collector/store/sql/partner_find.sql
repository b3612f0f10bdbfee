-- Finds a partner by its code.
SELECT partner_id, code, name, email, language FROM partner WHERE code = :code
