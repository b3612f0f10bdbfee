-- A notice that stands for another occasion since the ledger was worked out again.
UPDATE notice SET occasion = :occasion WHERE notice_id = :notice_id
