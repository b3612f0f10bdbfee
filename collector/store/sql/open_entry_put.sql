-- Notes the one entry that speaks for its subject.
INSERT INTO open_entry (entry_id, customer_id, contract_id, about, subject, at_ms)
VALUES (:entry_id, :customer_id, :contract_id, :about, :subject, :at_ms)
