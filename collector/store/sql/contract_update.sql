-- Changes a contract, if anything differs.
UPDATE contract SET model = :model, template_id = :template_id, start_day = :start_day, end_day = :end_day,
  time_zone = :time_zone, holiday_calendar = :holiday_calendar, mail_window_min = :mail_window_min, mail_no_charge = :mail_no_charge,
  currency = :currency, exhaustion = :exhaustion, overage_per_hour = :overage_per_hour, period = :period, included_min = :included_min,
  roll_over_min = :roll_over_min, fee = :fee, units = :units, notice_percent = :notice_percent, notice_days = :notice_days
WHERE contract_id = :contract_id AND (model <> :model OR template_id <> :template_id OR start_day <> :start_day
  OR end_day IS DISTINCT FROM :end_day OR time_zone <> :time_zone OR holiday_calendar <> :holiday_calendar OR mail_window_min <> :mail_window_min
  OR mail_no_charge <> :mail_no_charge
  OR currency <> :currency OR exhaustion <> :exhaustion OR overage_per_hour <> :overage_per_hour OR period <> :period OR included_min <> :included_min
  OR roll_over_min IS DISTINCT FROM :roll_over_min OR fee <> :fee OR units <> :units OR notice_percent <> :notice_percent OR notice_days <> :notice_days)
