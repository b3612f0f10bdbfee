-- Lists the partners.
SELECT partner_id, code, name, email, language FROM partner ORDER BY partner_id
