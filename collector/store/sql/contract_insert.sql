-- Adds a contract.
INSERT INTO contract (customer_id, name, model, template_id, start_day, end_day, time_zone, holiday_calendar, mail_window_min,
  mail_no_charge, currency, exhaustion, overage_per_hour, period, included_min, roll_over_min, fee, units, notice_percent, notice_days,
  notice_left, mail_customer, partner_id, partner_told, partner_first_day, partner_last_day)
VALUES (:customer_id, :name, :model, :template_id, :start_day, :end_day, :time_zone, :holiday_calendar, :mail_window_min,
  :mail_no_charge, :currency, :exhaustion, :overage_per_hour, :period, :included_min, :roll_over_min, :fee, :units, :notice_percent, :notice_days,
  :notice_left, :mail_customer, :partner_id, :partner_told, :partner_first_day, :partner_last_day)
RETURNING contract_id
