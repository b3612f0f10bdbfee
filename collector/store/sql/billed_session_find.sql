-- Finds the document in which a session stands, or one that is charged together with it.
SELECT document FROM billed_session WHERE session_id = :session_id
UNION ALL
SELECT b.document
FROM charge_part p
JOIN charge h ON h.charge_id = p.charge_id
JOIN charge_part q ON q.charge_id = p.charge_id
JOIN billed_session b ON b.session_id = q.session_id
WHERE p.session_id = :session_id
  AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.subject = h.subject AND n.charge_id > h.charge_id)
