-- The whole rule of a template version, and calendars of holidays. What was there before is the rule it always was.
ALTER TABLE template ADD COLUMN min_charge_min INTEGER NOT NULL DEFAULT 0;
ALTER TABLE template ADD COLUMN round_group TEXT NOT NULL DEFAULT 'series'
  CHECK (round_group IN ('session', 'series', 'day'));
-- Work types, grades and bands as JSON (collector/rule_text/rule_json.h).
ALTER TABLE template ADD COLUMN weights TEXT NOT NULL DEFAULT '{"work_types":{},"grades":{},"bands":[]}';
ALTER TABLE template ADD COLUMN rate_per_hour INTEGER NOT NULL DEFAULT 0;  -- in the currency's smallest unit
ALTER TABLE template ADD COLUMN base_fee INTEGER NOT NULL DEFAULT 0;

CREATE TABLE holiday (  -- days that are no weekdays, by the name of a calendar
  calendar TEXT NOT NULL CHECK (calendar <> ''), day TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (calendar, day)) STRICT;

ALTER TABLE contract ADD COLUMN holiday_calendar TEXT NOT NULL DEFAULT '';  -- empty: it has no holidays
