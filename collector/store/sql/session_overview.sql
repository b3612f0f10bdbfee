-- Shows a session with what was decided, charged and told about it.
SELECT s.session_id, COALESCE(s.agent_id, ''), s.session_key, s.workstation, s.anydesk_id, s.remote_id, s.kind, s.outcome,
  s.requested_ms, s.started_ms, s.ended_ms, s.last_seen_ms, s.end_reason, s.clock_backwards,
  s.revision, s.last_record_id, s.witness, s.doubts, s.abandon_cause, s.duration_boot_ms,
  s.duration_boot_uncertainty_ms, s.clock_jumped, s.over_length, s.overnight, s.remote_id_withheld, s.window_pid,
  s.reconnects, s.boot_id,
  a.attribution_id, a.disposition, a.reasons, a.text, a.technician_rule, a.no_charge,
  a.technician_id, a.customer_id, a.terminal_id, t.number, t.name, c.code, c.name,
  p.description, k.name,
  h.charge_id, g.seconds,
  CASE WHEN h.rating_version = 0 THEN NULL WHEN h.session_id = s.session_id THEN h.minutes WHEN h.charge_id IS NOT NULL THEN 0 END,
  e.entry_id, e.kind,
  CASE WHEN i.mail_item_id IS NOT NULL THEN COALESCE(CASE WHEN m.cancelled_ms IS NOT NULL THEN 'cancelled' ELSE m.state END, 'queued') END,
  a.stated_start_ms, a.stated_end_ms, a.work_type, COALESCE(w.asked, 0),
  COALESCE(b.document, (SELECT MIN(f.document) FROM charge_part y JOIN billed_session f ON f.session_id = y.session_id
    WHERE y.charge_id = h.charge_id)), n.series_id,
  (SELECT COALESCE(MAX(d.withdrawn), 0) FROM decision d WHERE d.session_id = s.session_id),
  CASE WHEN h.rating_version = 0 THEN NULL WHEN h.session_id = s.session_id THEN h.amount WHEN h.charge_id IS NOT NULL THEN 0 END,
  kh.currency, said.text,
  CASE WHEN h.session_id <> s.session_id THEN h.session_id END, x.reasons,
  CASE WHEN h.rating_version = 0 THEN h.steps END
FROM session s
LEFT JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
LEFT JOIN technician t ON t.technician_id = a.technician_id
LEFT JOIN customer c ON c.customer_id = a.customer_id
LEFT JOIN terminal p ON p.terminal_id = a.terminal_id
LEFT JOIN contract k ON k.contract_id = a.contract_id
LEFT JOIN session_comment said ON said.comment_id = a.comment_id
LEFT JOIN charge_part g ON g.session_id = s.session_id AND g.attribution_id = a.attribution_id
  AND g.charge_id = (SELECT MAX(q.charge_id) FROM charge_part q
    WHERE q.session_id = s.session_id AND q.attribution_id = a.attribution_id)
LEFT JOIN charge h ON h.charge_id = g.charge_id
LEFT JOIN contract kh ON kh.contract_id = h.contract_id
LEFT JOIN entry e ON e.entry_id = (
  SELECT MAX(o.entry_id) FROM charge oh JOIN entry oe ON oe.charge_id = oh.charge_id
  JOIN open_entry o ON o.entry_id = oe.entry_id WHERE oh.session_id = COALESCE(h.session_id, s.session_id))
LEFT JOIN mail_item i ON i.mail_item_id = (
  SELECT MAX(j.mail_item_id) FROM charge_part y JOIN entry v ON v.charge_id = y.charge_id
  JOIN mail_item j ON j.entry_id = v.entry_id
  WHERE y.session_id = s.session_id AND j.kind = 'sessions' AND j.customer_id = e.customer_id AND j.dropped_ms IS NULL)
LEFT JOIN mail m ON m.mail_id = i.mail_id
LEFT JOIN session_watch w ON w.session_id = s.session_id
LEFT JOIN adjustment x ON x.adjustment_id = (
  SELECT MAX(l.adjustment_id) FROM adjustment l WHERE l.session_id = s.session_id)
  AND x.waits = 1 AND NOT EXISTS (SELECT 1 FROM adjustment_decision z WHERE z.adjustment_id = x.adjustment_id)
LEFT JOIN billed_session b ON b.session_id = s.session_id
LEFT JOIN series_member n ON n.series_member_id = (
  SELECT MAX(l.series_member_id) FROM series_member l WHERE l.session_id = s.session_id)
WHERE s.session_id = :session_id
