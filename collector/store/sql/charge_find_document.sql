-- Finds the document in which a session of a charge stands.
SELECT b.document FROM charge_part p JOIN billed_session b ON b.session_id = p.session_id
WHERE p.charge_id = :charge_id ORDER BY b.document LIMIT 1
