-- Changes a contract, if anything differs.
UPDATE contract SET model = :model, template_id = :template_id, start_day = :start_day, end_day = :end_day,
  time_zone = :time_zone, holiday_calendar = :holiday_calendar, mail_window_min = :mail_window_min,
  mail_no_charge = :mail_no_charge
WHERE contract_id = :contract_id AND (model <> :model OR template_id <> :template_id OR start_day <> :start_day
  OR end_day IS DISTINCT FROM :end_day OR time_zone <> :time_zone OR holiday_calendar <> :holiday_calendar
  OR mail_window_min <> :mail_window_min OR mail_no_charge <> :mail_no_charge)
