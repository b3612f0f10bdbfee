-- Loads the contracts with the rules that were agreed.
SELECT c.contract_id, c.customer_id, c.name, c.model, c.template_id, t.name, t.version, t.free_s, t.first_block_s,
  t.grace_s, t.increment_s, t.boundary, t.grace_scope, t.min_charge_min, t.max_charge_min, t.round_group, t.weights,
  t.rate_per_hour, t.base_fee, c.start_day, c.end_day, c.time_zone, c.holiday_calendar, c.mail_window_min,
  c.mail_no_charge, c.currency, c.exhaustion, c.overage_per_hour, c.period, c.included_min, c.roll_over_min, c.fee, c.units, c.notice_percent, c.notice_days,
  c.notice_left, c.mail_customer, c.partner_id, COALESCE(p.code, ''), c.partner_told, c.partner_first_day, c.partner_last_day
FROM contract c JOIN template t ON t.template_id = c.template_id LEFT JOIN partner p ON p.partner_id = c.partner_id ORDER BY c.contract_id
