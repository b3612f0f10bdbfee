-- Fetches what the accounts of a contract hold.
SELECT kind, lot, unit, quantity FROM account WHERE contract_id = :contract_id ORDER BY kind, lot, unit
