#include "collector/commands/changes.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/commands/master_data.h"
#include "collector/store/changes.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

constexpr std::size_t kDifferenceWidthMax = 100;

// The value of a JSON text; a text as it is if it is none.
json::value value_of(const std::string& text) {
  if (text.empty()) return nullptr;
  boost::system::error_code bad;
  auto value = json::parse(text, bad);
  return bad ? json::value(text) : value;
}

std::string told(const json::value& value) {
  return json::serialize(value);
}

bool says_nothing(const json::value& value) {
  return value.is_null() || value == json::value("") || value == json::value(json::array{});
}

// What there is of a row that is all new, or gone.
std::string told_all(const json::value& value) {
  if (!value.is_object()) return told(value);
  std::string text;
  for (const auto& [name, cell] : value.get_object()) {
    if (!says_nothing(cell)) text += (text.empty() ? "" : ", ") + std::string{name} + " " + told(cell);
  }
  return text;
}

json::object to_json(const store::ChangeRow& row) {
  return {{"change", row.number},
          {"changed_utc", timing::to_rfc3339(row.changed)},
          {"who", row.change.who},
          {"action", row.change.action},
          {"object", row.change.object},
          {"key", row.change.key},
          {"before", value_of(row.change.before)},
          {"after", value_of(row.change.after)},
          {"why", row.change.why},
          {"hash", base::to_hex(row.hash)}};
}

}  // namespace

std::string difference(const std::string& before, const std::string& after) {
  const auto was = value_of(before);
  const auto is = value_of(after);
  if (!was.is_object() || !is.is_object()) {
    if (was.is_null()) return told_all(is);
    return told_all(was) + " ->" + (is.is_null() ? "" : " " + told_all(is));
  }
  std::string text;
  const auto add = [&](std::string_view name, const std::string& from, const std::string& to) {
    text += (text.empty() ? "" : ", ") + std::string{name} + " " + from + " -> " + to;
  };
  for (const auto& [name, old] : was.get_object()) {
    const auto* now = is.get_object().if_contains(name);
    if (now == nullptr) {
      add(name, told(old), "");
    } else if (*now != old) {
      add(name, told(old), told(*now));
    }
  }
  for (const auto& [name, now] : is.get_object()) {
    if (!was.get_object().contains(name)) add(name, "", told(now));
  }
  return text;
}

int run_changes(const ChangesOptions& options, std::ostream& out, std::ostream& err) {
  const auto rows = look(options.config, [&](store::Transaction& tx) {
    return store::list_changes(tx, {.limit = options.limit, .object = options.object, .key = options.key});
  });
  if (!rows) return report(err, rows.error());
  if (options.json) {
    json::array list;
    for (const auto& row : *rows) list.push_back(to_json(row));
    out << json::serialize(list) << '\n';
    return 0;
  }
  using base::TextTable;
  TextTable table{{{.heading = "CHANGE", .align = TextTable::Align::right},
                   {.heading = "WHEN"},
                   {.heading = "WHO"},
                   {.heading = "DID"},
                   {.heading = "WHAT"},
                   {.heading = "OLD -> NEW", .width_max = kDifferenceWidthMax},
                   {.heading = "WHY"}}};
  for (const auto& row : *rows) {
    table.add({std::to_string(row.number), timing::to_rfc3339(row.changed), row.change.who, row.change.action,
               row.change.object + " " + row.change.key, difference(row.change.before, row.change.after),
               row.change.why});
  }
  out << (table.empty() ? "No changes.\n" : table.text());
  return 0;
}

}  // namespace collector::commands
