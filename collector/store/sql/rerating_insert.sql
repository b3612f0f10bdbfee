-- Keeps a person's word about by which rule a contract's sessions of some days are rated.
INSERT INTO rerating (contract_id, from_ms, to_ms, template_id, decided_ms, who, why)
VALUES (:contract_id, :from_ms, :to_ms, :template_id, :decided_ms, :who, :why)
RETURNING rerating_id
