-- Adds a contract.
INSERT INTO contract (customer_id, name, model, template_id, start_day, end_day, time_zone, holiday_calendar,
  mail_window_min, mail_no_charge)
VALUES (:customer_id, :name, :model, :template_id, :start_day, :end_day, :time_zone, :holiday_calendar,
  :mail_window_min, :mail_no_charge)
RETURNING contract_id
