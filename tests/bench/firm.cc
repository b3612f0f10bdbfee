#include "tests/bench/firm.h"

#include <sqlite3.h>

#include <array>
#include <chrono>
#include <map>
#include <stdexcept>

#include "agent/seal/fact.h"
#include "collector/ledger/entry.h"
#include "collector/store/agents.h"
#include "collector/store/comments.h"
#include "collector/store/customers.h"
#include "collector/store/directory.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "collector/store/migrate.h"
#include "collector/store/records.h"
#include "collector/store/templates.h"
#include "collector/store/terminals.h"
#include "common/timing/zone.h"

namespace bench {

using namespace std::chrono_literals;
namespace store = collector::store;
namespace directory = collector::directory;
namespace ledger = collector::ledger;

namespace {

constexpr std::chrono::hours kDay{24};
const timing::UtcMs kFirstDay{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}.time_since_epoch()};

std::string agent_id(int workstation) {
  return std::string(15, '\0') + static_cast<char>(workstation + 1);
}

std::string workstation_name(int workstation) {
  return "pc-" + std::to_string(workstation);
}

std::string address_of(int customer) {
  return std::to_string(410'000'000 + customer);
}

// Of the session with that number of the day.
int customer_of(std::int64_t number) {
  if (number % 50 == 0) return kBusiest;
  return static_cast<int>(1 + (number - number / 50 - 1) % (kCustomers - 1));
}

std::string fact(const std::string& key, const std::string& remote_id, timing::UtcMs start,
                 std::chrono::seconds length, int workstation) {
  agent::session::Snapshot snapshot;
  snapshot.key = key;
  snapshot.outcome = agent::session::Outcome::completed;
  snapshot.remote_id = remote_id;
  snapshot.requested = start - 2s;
  snapshot.started = start;
  snapshot.ended = start + length;
  snapshot.end_reason = "closed";
  snapshot.source = "/home/anna/.anydesk/ad.trace";
  snapshot.anydesk_id = std::to_string(410'900'000 + workstation);
  return agent::seal::fact_of(snapshot, {.utc = start + length, .boot_ms = 1, .utc_offset_min = 60});
}

void comment(store::Transaction& tx, const std::string& remote_id, timing::UtcMs start) {
  must(store::add_comment(tx, {.id = 0,
                               .remote_id = remote_id,
                               .anydesk_id = "",
                               .started = start,
                               .text = "Printer set up",
                               .source = "import",
                               .imported = start + 1h}));
}

// The SQLite file without the product around it.
class File {
 public:
  explicit File(const std::filesystem::path& file) {
    if (sqlite3_open(file.c_str(), &database_) != SQLITE_OK) fail("open");
    // Nobody reads it until it is whole, and nothing it says would survive a power cut: that is quick.
    run("PRAGMA journal_mode = OFF");
    run("PRAGMA synchronous = OFF");
    run("PRAGMA foreign_keys = OFF");
    run("PRAGMA cache_size = -2000000");
  }
  ~File() { sqlite3_close(database_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void run(const std::string& sql) {
    if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
  }

  std::vector<std::string> column(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail(sql);
    std::vector<std::string> values;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const auto* const text = sqlite3_column_text(statement, 0);
      values.emplace_back(text == nullptr ? "0" : reinterpret_cast<const char*>(text));
    }
    sqlite3_finalize(statement);
    return values;
  }

 private:
  [[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error{what + ": " + sqlite3_errmsg(database_)};
  }
  sqlite3* database_ = nullptr;
};

// Tables that grow with the days, each behind those it refers to; and whose ids grow with them.
constexpr std::array kTables{
    "batch",  "record",          "session", "session_record", "session_watch", "charge_part", "attribution",
    "charge", "session_comment", "entry",   "entry_line",     "open_entry",    "mail_item",   "mail"};
const std::map<std::string, std::string> kIds{{"batch_id", "batch"},
                                              {"record_id", "record"},
                                              {"last_record_id", "record"},
                                              {"session_id", "session"},
                                              {"comment_id", "session_comment"},
                                              {"comments_seen_id", "session_comment"},
                                              {"attribution_id", "attribution"},
                                              {"charge_id", "charge"},
                                              {"entry_id", "entry"},
                                              {"reverses_entry_id", "entry"},
                                              {"mail_item_id", "mail_item"},
                                              {"mail_id", "mail"}};

// How a column of the day number :day is made from the first day's.
std::string shifted(const std::string& table, const std::string& column, const std::string& day,
                    const std::map<std::string, std::string>& in_a_day) {
  if (const auto id = kIds.find(column); id != kIds.end())
    return column + " + " + day + " * " + in_a_day.at(id->second);
  if (column.ends_with("_ms")) return column + " + " + day + " * 86400000";
  if (column == "seq" || column == "first_seq")
    return column + " + " + day + " * " + std::to_string(kSessionsADay / kWorkstations);
  if (column == "session_key" || column == "tie" || column == "message_id")
    return "printf('%05d-%s', " + day + ", " + column + ")";
  if (column == "subject" && table != "mail")
    return "CASE WHEN subject LIKE 's%' THEN 's' || (CAST(SUBSTR(subject, 2) AS INTEGER) + " + day + " * " +
           in_a_day.at("session") + ") ELSE subject END";
  if (column == "body" || column == "hash" || column == "sig" || column == "raw") return "''";
  if (column == "steps" || column == "reasons") return "'[]'";
  return column;
}

}  // namespace

collector::pipeline::Settings Firm::settings() {
  collector::pipeline::Settings settings;
  settings.sender_address = "support@desk.example";
  return settings;
}

store::StartOfDay Firm::start_of_day() {
  return [](std::chrono::year_month_day day, const std::string& zone) {
    return timing::start_of_day(day, zone);
  };
}

Firm::Firm(const std::filesystem::path& file) : file_{file} {
  make();
}

Firm::Firm(const std::filesystem::path& file, int customers, std::int64_t sessions)
    : file_{file}, customers_{customers}, sessions_{sessions} {
  make();
}

void Firm::make() {
  auto connection = connect();
  clock->now = kFirstDay;
  must(store::migrate(connection, clock->now));
  must(connection.transaction([&](store::Transaction& tx) -> base::Status {
    furnish(tx);
    first_day(tx);
    return {};
  }));
}

store::Connection Firm::connect() const {
  return must(store::Connection::open("sqlite:" + file_.string()));
}

collector::pipeline::Pipeline Firm::pipeline() const {
  return {connect(), settings(), start_of_day(), *clock};
}

timing::UtcMs Firm::today() const {
  return kFirstDay + days_ * kDay;
}

void Firm::furnish(store::Transaction& tx) {
  const auto template_id = must(store::add_template_version(tx, "standard", collector::rating::Rule{})).id;
  for (int n = 0; n < kWorkstations; ++n) {
    const auto name = workstation_name(n);
    const auto token = must(store::create_token(
        tx, {.secret_hash = name, .workstation = name, .created = kFirstDay, .expires = kFirstDay + 1h}));
    store::AgentRow agent;
    agent.agent_id = agent_id(n);
    agent.workstation = name;
    agent.token_id = token;
    agent.record_key = "key of " + name;
    agent.enrolled = kFirstDay;
    must(store::enrol(tx, agent));
    const auto technician = must(store::upsert_technician(
        tx,
        {.id = 0, .number = n + 1, .name = "Technician " + std::to_string(n), .email = "", .active = true}));
    must(store::upsert_support_point(tx, {.id = 0,
                                          .technician_id = technician.id,
                                          .workstation = name,
                                          .anydesk_id = "",
                                          .valid_from = {},
                                          .valid_to = {}}));
  }
  for (int n = 0; n < customers_; ++n) {
    const auto code = "C" + std::to_string(n);
    const auto id = must(store::upsert_customer(tx, {.id = 0,
                                                     .code = code,
                                                     .name = "Customer " + code,
                                                     .email = "mail@" + code + ".example",
                                                     .language = "en"}))
                        .id;
    must(store::upsert_terminal(tx, {.id = 0,
                                     .customer_id = id,
                                     .address = address_of(n),
                                     .description = "Office",
                                     .valid_from = {},
                                     .valid_to = {}}));
    directory::Contract contract;
    contract.customer_id = id;
    contract.name = "Support";
    contract.model = n % 2 == 0 ? directory::Model::prepaid : directory::Model::indefinite;
    contract.template_id = template_id;
    contract.start_day = std::chrono::year{2023} / 1 / 1;
    contract.time_zone = "Europe/Berlin";
    contract.id = must(store::upsert_contract(tx, contract)).id;
    contracts_.push_back(contract.id);
    if (contract.model != directory::Model::prepaid) continue;
    const auto grant = must(ledger::grant(contract.id, kFirstDay, "min", 100, "", "bought"));
    must(store::add_entry(tx, store::row_of(grant, contract, kFirstDay), ""));
  }
  must(store::bump_directory_version(tx));
}

// From early to late, the workstations by turns; the same each time.
void Firm::first_day(store::Transaction& tx) {
  std::vector<std::vector<std::string>> bodies(kWorkstations);
  std::uint64_t state = 1;
  for (std::int64_t n = 0; n < sessions_; ++n) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const std::chrono::seconds length{(state >> 33) % 2'400};
    const auto start = kFirstDay + std::chrono::milliseconds{n * 86'400'000 / sessions_};
    const auto workstation = static_cast<int>(n % kWorkstations);
    const auto address = address_of(customers_ == kCustomers ? customer_of(n) : static_cast<int>(n));
    auto& own = bodies[static_cast<std::size_t>(workstation)];
    own.push_back(fact("/home/anna/.anydesk/ad.trace#" + std::to_string(1'000'000 + n * 6'400), address,
                       start, length, workstation));
    comment(tx, address, start);
    if (own.size() < 10 && n + kWorkstations < sessions_) continue;
    append(tx, workstation, own);
    own.clear();
  }
}

void Firm::append(store::Transaction& tx, int workstation, const std::vector<std::string>& bodies) {
  auto& seq = next_seq_[static_cast<std::size_t>(workstation)];
  std::vector<store::NewRecord> records;
  for (const auto& body : bodies) records.push_back({.hash = std::string(32, 'h'), .body = body});
  must(store::append_batch(tx,
                           {.agent_id = agent_id(workstation),
                            .epoch = 1,
                            .first_seq = seq,
                            .prev_head = std::string(32, 'p'),
                            .head = std::string(32, 'h'),
                            .key_id = "key",
                            .sig = std::string(64, 's'),
                            .received = clock->now},
                           records));
  seq += static_cast<std::int64_t>(bodies.size());
}

std::string Firm::receive(int customer, timing::UtcMs start) {
  auto connection = connect();
  const int workstation = customer % kWorkstations;
  auto key = "/home/anna/.anydesk/ad.trace#new" + std::to_string(received_++);
  must(connection.transaction([&](store::Transaction& tx) -> base::Status {
    append(tx, workstation, {fact(key, address_of(customer), start, 754s, workstation)});
    comment(tx, address_of(customer), start);
    return {};
  }));
  return key;
}

void Firm::multiply(std::int64_t days) {
  File file{file_};
  file.run("PRAGMA temp_store = MEMORY");
  std::map<std::string, std::string> in_a_day;
  for (const auto& [column, table] : kIds) {
    if (column == "comments_seen_id" || column == "last_record_id" || column == "reverses_entry_id") continue;
    in_a_day[table] = file.column("SELECT MAX(" + column + ") FROM " + table).at(0);
  }
  file.run("BEGIN");
  std::map<std::string, std::string> columns;
  for (const std::string table : kTables) {
    file.run("CREATE TEMP TABLE day_" + table + " AS SELECT * FROM main." + table);
    for (const auto& column : file.column("SELECT name FROM pragma_table_info('" + table + "')"))
      columns[table] += (columns[table].empty() ? "" : ", ") + column;
  }
  for (std::int64_t day = 1; day < days; ++day) {
    for (const std::string table : kTables) {
      std::string select;
      for (const auto& column : file.column("SELECT name FROM pragma_table_info('" + table + "')"))
        select += (select.empty() ? "" : ", ") + shifted(table, column, std::to_string(day), in_a_day);
      file.run("INSERT INTO main." + table + " (" + columns[table] + ") SELECT " + select + " FROM day_" +
               table);
    }
  }
  file.run("UPDATE account SET quantity = quantity * " + std::to_string(days));
  file.run("UPDATE stream SET committed_seq = committed_seq * " + std::to_string(days));
  file.run("UPDATE pipeline_cursor SET position = position * " + std::to_string(days));
  file.run("COMMIT");
  for (auto& seq : next_seq_) seq = (seq - 1) * days + 1;
  days_ = days;
}

}  // namespace bench
