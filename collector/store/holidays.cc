#include "collector/store/holidays.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "collector/store/words.h"

namespace collector::store {

base::Result<Put> put_holiday(Transaction& transaction, const std::string& calendar,
                              const directory::Holiday& holiday) {
  return attempt(transaction, [&] {
    const auto bind = [&](Query& query) -> Query& {
      return query.with_key("calendar", calendar).with("day", to_text(holiday.day));
    };
    std::string name;
    Query find(transaction, sql::holiday_find);
    const bool is_there = bind(find).into(name).run();
    Query write(transaction, is_there ? sql::holiday_update : sql::holiday_insert);
    const auto changed = bind(write).with("name", holiday.name).change() > 0;
    return Put{.id = 0, .created = !is_there, .changed = changed};
  });
}

base::Result<bool> remove_holiday(Transaction& transaction, const std::string& calendar,
                                  std::chrono::year_month_day day) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::holiday_delete);
    return query.with("calendar", calendar).with("day", to_text(day)).change() > 0;
  });
}

base::Result<std::vector<directory::HolidayCalendar>> list_calendars(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::holiday_list);
    std::string calendar;
    std::string day;
    directory::Holiday row;
    query.into(calendar).into(day).into(row.name);
    std::vector<directory::HolidayCalendar> calendars;
    while (query.next()) {
      row.day = to_day(day);
      if (calendars.empty() || calendars.back().name != calendar) {
        calendars.push_back({.name = calendar, .holidays = {}});
      }
      calendars.back().holidays.push_back(row);
    }
    return calendars;
  });
}

}  // namespace collector::store
