-- Finds the session's entry that counts, neither reversed nor a reversal.
SELECT e.entry_id, e.contract_id, e.kind, e.minutes, e.session_id, e.charge_id, e.reverses_entry_id, e.reason,
  e.created_ms
FROM entry e LEFT JOIN entry r ON r.reverses_entry_id = e.entry_id
WHERE e.session_id = :session_id AND e.kind <> 'reversal' AND r.entry_id IS NULL
ORDER BY e.entry_id DESC LIMIT 1
