-- Fetches the adjustments of a billed charge, with what was decided and posted.
SELECT x.adjustment_id, x.session_id, x.charge_id, x.comment_id, x.technician_id, x.no_charge, x.override_min, x.text, x.reasons,
  x.steps, x.waits, x.minutes, x.amount, x.who, x.why, x.created_ms,
  d.released, d.who, d.why, d.decided_ms, p.minutes, p.amount, p.entry_id, p.posted_ms
FROM adjustment x
LEFT JOIN adjustment_decision d ON d.adjustment_id = x.adjustment_id
LEFT JOIN adjustment_posting p ON p.adjustment_id = x.adjustment_id
WHERE x.charge_id = :charge_id ORDER BY x.adjustment_id
