#include "tests/collector/store/table_dump.h"

#include <algorithm>
#include <set>

#include "collector/store/session.h"

namespace collector::store {

namespace {

std::vector<std::string> texts(soci::session& session, const std::string& query) {
  const soci::rowset<std::string> rows = session.prepare << query;
  return {rows.begin(), rows.end()};
}

std::vector<std::string> columns_of(Session& session, const std::string& table) {
  if (session.dialect() == Dialect::sqlite)
    return texts(session.soci(), "SELECT name FROM pragma_table_info('" + table + "')");
  return texts(session.soci(),
               "SELECT column_name::text FROM information_schema.columns WHERE table_name = '" + table +
                   "' ORDER BY ordinal_position");
}

Table table_of(Session& session, const std::string& name) {
  Table table{.columns = columns_of(session, name), .rows = {}};
  std::string list;
  for (const auto& column : table.columns)
    list += (list.empty() ? "" : ", ") + ("COALESCE(CAST(" + column + " AS TEXT), 'NULL')");
  const soci::rowset<soci::row> rows = session.soci().prepare << "SELECT " + list + " FROM " + name;
  for (const auto& row : rows) {
    auto& cells = table.rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(row.get<std::string>(i));
  }
  std::ranges::sort(table.rows);
  return table;
}

// Ids of one table, each with its place among them.
using Places = std::map<std::int64_t, std::string>;

std::size_t index_of(const Table& table, const std::string& column) {
  return static_cast<std::size_t>(std::ranges::find(table.columns, column) - table.columns.begin());
}

// Of each table whose first column is an id that the database gave, by that column's name.
std::map<std::string, Places> places_in(const Tables& tables) {
  static const std::set<std::string> kGiven{
      "session_id", "attribution_id", "charge_id",   "entry_id",       "account_id",       "mail_item_id",
      "mail_id",    "series_id",      "record_id",   "gap_id",         "series_member_id", "change_id",
      "notice_id",  "adjustment_id",  "rerating_id", "mail_attempt_id"};
  std::map<std::string, Places> all;
  for (const auto& [name, table] : tables) {
    const auto& column = table.columns.front();
    if (column != name + "_id" || !kGiven.contains(column)) continue;
    auto& places = all[column];
    for (const auto& row : table.rows) places[std::stoll(row.front())];
    int place = 0;
    for (auto& [id, text] : places) text = "#" + std::to_string(++place);
  }
  return all;
}

std::string placed(const Places& places, const std::string& id) {
  if (id == "NULL" || id == "0") return id;
  const auto found = places.find(std::stoll(id));
  return found == places.end() ? "behind the last" : found->second;
}

// Whose ids a cursor of the pipeline counts.
std::string counted_by(const std::string& cursor) {
  if (cursor == "rate") return "attribution_id";
  return cursor == "rerate" ? "rerating_id" : "record_id";
}

}  // namespace

Tables dump(Transaction& t) {
  auto& session = t.session();
  const auto names = texts(
      session.soci(), session.dialect() == Dialect::sqlite
                          ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                          : "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
  Tables tables;
  for (const auto& name : names) tables[name] = table_of(session, name);
  return tables;
}

Tables without(Tables tables, const std::string& table, const std::string& column) {
  auto& one = tables.at(table);
  const auto at = static_cast<std::ptrdiff_t>(index_of(one, column));
  one.columns.erase(one.columns.begin() + at);
  for (auto& row : one.rows) row.erase(row.begin() + at);
  std::ranges::sort(one.rows);
  return tables;
}

Tables renumbered(Tables tables) {
  tables = without(without(std::move(tables), "mail", "raw"), "mail", "message_id");
  const auto places = places_in(tables);
  for (auto& [name, table] : tables) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto& column = table.columns[i];
      const auto given = std::ranges::find_if(
          places, [&](const auto& one) { return column == one.first || column.ends_with("_" + one.first); });
      for (auto& row : table.rows) {
        if (given != places.end()) {
          row[i] = placed(given->second, row[i]);
        } else if (column == "subject" && (row[i].starts_with('s') || row[i].starts_with('r')) &&
                   row[i].find_first_not_of("0123456789", 1) == std::string::npos) {
          row[i] =
              row[i][0] + placed(places.at(row[i][0] == 's' ? "session_id" : "series_id"), row[i].substr(1));
        } else if (name == "pipeline_cursor" && column == "position") {
          row[i] = placed(places.at(counted_by(row[0])), row[i]);
        }
      }
    }
    std::ranges::sort(table.rows);
  }
  return tables;
}

std::string difference(const Tables& expected, const Tables& found) {
  const auto words = [](const std::vector<std::string>& row) {
    std::string text;
    for (const auto& cell : row) text += " | " + cell;
    return text;
  };
  for (const auto& [name, table] : expected) {
    const auto other = found.find(name);
    if (other == found.end()) return name + " is missing";
    const auto& rows = other->second.rows;
    for (std::size_t i = 0; i < std::max(table.rows.size(), rows.size()); ++i) {
      const auto want = i < table.rows.size() ? words(table.rows[i]) : "nothing";
      const auto is = i < rows.size() ? words(rows[i]) : "nothing";
      if (want != is) return name + ":\n  expected" + want + "\n  found   " + is;
    }
  }
  return "";
}

}  // namespace collector::store
