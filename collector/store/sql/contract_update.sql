-- Changes a contract, if anything differs.
UPDATE contract SET model = :model, template_id = :template_id, start_day = :start_day, end_day = :end_day,
  time_zone = :time_zone, holiday_calendar = :holiday_calendar, mail_window_min = :mail_window_min, mail_no_charge = :mail_no_charge,
  currency = :currency, exhaustion = :exhaustion, overage_per_hour = :overage_per_hour, period = :period, included_min = :included_min,
  roll_over_min = :roll_over_min, fee = :fee, units = :units, notice_percent = :notice_percent, notice_days = :notice_days,
  notice_left = :notice_left, mail_customer = :mail_customer, partner_id = :partner_id, partner_told = :partner_told,
  partner_first_day = :partner_first_day, partner_last_day = :partner_last_day
WHERE contract_id = :contract_id AND (model <> :model OR template_id <> :template_id OR start_day <> :start_day
  OR end_day IS DISTINCT FROM :end_day OR time_zone <> :time_zone OR holiday_calendar <> :holiday_calendar OR mail_window_min <> :mail_window_min
  OR mail_no_charge <> :mail_no_charge
  OR currency <> :currency OR exhaustion <> :exhaustion OR overage_per_hour <> :overage_per_hour OR period <> :period OR included_min <> :included_min
  OR roll_over_min IS DISTINCT FROM :roll_over_min OR fee <> :fee OR units <> :units OR notice_percent <> :notice_percent OR notice_days <> :notice_days
  OR notice_left <> :notice_left OR mail_customer <> :mail_customer OR partner_id IS DISTINCT FROM :partner_id
  OR partner_told <> :partner_told OR partner_first_day IS DISTINCT FROM :partner_first_day
  OR partner_last_day IS DISTINCT FROM :partner_last_day)
