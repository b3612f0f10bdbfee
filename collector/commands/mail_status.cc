#include "collector/commands/mail_status.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <ostream>

#include "collector/commands/mail_list.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/store/directory.h"
#include "collector/store/mail_accounts.h"
#include "collector/store/mail_holds.h"
#include "collector/store/mails.h"
#include "collector/store/partners.h"
#include "common/base/text_table.h"
#include "common/timing/clock.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Waiting {
  store::OpenBatch open;
  std::string customer;  // His code.
  std::string partner;   // Whose copy it is: his code. Empty: it is none.
  std::optional<store::MailHold> hold;
};

struct Status {
  std::vector<store::MailCount> counts;
  std::vector<store::MailPause> pauses;
  std::vector<Waiting> waiting;
};

base::Result<Status> load(store::Connection& database) {
  Status status;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    auto counts = store::count_mails(tx);
    if (!counts) return std::unexpected{counts.error()};
    status.counts = std::move(*counts);
    auto pauses = store::list_mail_pauses(tx);
    if (!pauses) return std::unexpected{pauses.error()};
    status.pauses = std::move(*pauses);
    const auto open = store::open_batches(tx);
    if (!open) return std::unexpected{open.error()};
    const auto directory = store::load_directory(tx, start_of_day_in_zone);
    if (!directory) return std::unexpected{directory.error()};
    std::map<std::int64_t, std::string> codes;
    for (const auto& customer : directory->customers) codes[customer.id] = customer.code;
    for (const auto& one : *open) {
      auto hold = store::find_mail_hold(tx, one.batch);
      if (!hold) return std::unexpected{hold.error()};
      std::string partner;
      if (one.batch.partner_id != 0) {
        const auto row = store::find_partner_of_id(tx, one.batch.partner_id);
        if (!row) return std::unexpected{row.error()};
        if (*row) partner = (*row)->code;
      }
      status.waiting.push_back({.open = one,
                                .customer = codes[one.batch.customer_id],
                                .partner = std::move(partner),
                                .hold = std::move(*hold)});
    }
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return status;
}

std::string minute_text(timing::UtcMs time) {
  auto text = timing::to_rfc3339(time).substr(0, 16);
  text[10] = ' ';
  return text;
}

// What a batch waits for, for people.
std::string why(const Waiting& one) {
  if (!one.hold || one.hold->reason.empty() || one.hold->reason == "flushed") return "its window";
  if (one.hold->reason == "no_address") {
    return one.partner.empty() ? "an address of the customer" : "an address of partner " + one.partner;
  }
  if (one.hold->reason == "error") return "no mail can be made: " + one.hold->detail;
  return "session " + std::to_string(one.hold->session_id.value_or(0)) + " in review, at most until " +
         minute_text(one.hold->until);
}

json::object waiting_json(const Waiting& one) {
  json::object object{{"customer", one.customer},
                      {"kind", one.open.batch.kind},
                      {"partner", one.partner.empty() ? json::value(nullptr) : json::value(one.partner)},
                      {"items", one.open.items},
                      {"opened_utc", timing::to_rfc3339(one.open.opened)},
                      {"closes_utc", timing::to_rfc3339(one.open.closes)},
                      {"held_by", nullptr}};
  if (!one.hold || one.hold->reason.empty() || one.hold->reason == "flushed") return object;
  json::object hold{{"reason", one.hold->reason}, {"since_utc", timing::to_rfc3339(one.hold->since)}};
  if (one.hold->reason == "review") {
    hold["session"] = one.hold->session_id.value_or(0);
    hold["until_utc"] = timing::to_rfc3339(one.hold->until);
  } else if (one.hold->reason == "error") {
    hold["error"] = one.hold->detail;
    hold["next_try_utc"] = timing::to_rfc3339(one.hold->look);
  }
  object["held_by"] = std::move(hold);
  return object;
}

// How many of an account are in each state.
using States = std::map<std::string, std::int64_t>;

std::map<std::string, States> by_account(const Config& config, const Status& status) {
  std::map<std::string, States> all;
  for (const auto& account : config.mail_accounts) all[account.name];
  for (const auto& count : status.counts) all[count.account][count.state] += count.mails;
  return all;
}

const store::MailPause* pause_of(const Status& status, const std::string& account) {
  const auto found = std::ranges::find(status.pauses, account, &store::MailPause::account);
  return found == status.pauses.end() ? nullptr : &*found;
}

std::int64_t held(const Status& status, std::string_view reason) {
  return std::ranges::count_if(status.waiting,
                               [&](const Waiting& one) { return one.hold && one.hold->reason == reason; });
}

json::object status_json(const Config& config, const Status& status) {
  json::array accounts;
  for (const auto& [name, states] : by_account(config, status)) {
    json::object object{{"account", name}, {"unavailable", nullptr}};
    for (const auto& state : mail_states()) {
      const auto found = states.find(state);
      object[state] = found == states.end() ? 0 : found->second;
    }
    if (const auto* pause = pause_of(status, name)) {
      object["unavailable"] = json::object{{"since_utc", timing::to_rfc3339(pause->since)},
                                           {"next_try_utc", timing::to_rfc3339(pause->until)},
                                           {"failures", pause->failures},
                                           {"answer", pause->answer}};
    }
    accounts.push_back(std::move(object));
  }
  json::array kinds;
  for (const auto& count : status.counts) {
    kinds.push_back(json::object{{"account", count.account},
                                 {"kind", count.kind},
                                 {"state", count.state},
                                 {"mails", count.mails},
                                 {"oldest_utc", timing::to_rfc3339(count.oldest)},
                                 {"newest_utc", timing::to_rfc3339(count.newest)}});
  }
  return {{"transport", config.mail_transport},
          {"accounts", std::move(accounts)},
          {"mails", std::move(kinds)},
          {"windows_open", std::ssize(status.waiting) - held(status, "no_address")},
          {"held_by_review", held(status, "review")},
          {"cannot_be_composed", held(status, "error")},
          {"without_address", held(status, "no_address")}};
}

void print_status(const Config& config, const Status& status, std::ostream& out) {
  std::vector<base::TextTable::Column> columns{{.heading = "ACCOUNT"}};
  for (auto state : mail_states()) {
    std::ranges::transform(state, state.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    columns.push_back({.heading = state, .align = base::TextTable::Align::right});
  }
  base::TextTable table{std::move(columns)};
  for (const auto& [name, states] : by_account(config, status)) {
    std::vector<std::string> cells{name};
    for (const auto& state : mail_states()) {
      const auto found = states.find(state);
      cells.push_back(std::to_string(found == states.end() ? 0 : found->second));
    }
    table.add(cells);
  }
  out << table.text();
  if (config.mail_transport == "none") out << "mail.transport is \"none\": composed mails wait.\n";
  for (const auto& pause : status.pauses) {
    out << "Account " << pause.account << " is unavailable since " << minute_text(pause.since) << " UTC ("
        << pause.failures << " tries, the next at " << minute_text(pause.until)
        << "): " << base::cell_text(pause.answer, 200) << '\n';
  }
  const auto nowhere = held(status, "no_address");
  const auto open = std::ssize(status.waiting) - nowhere;
  out << open << " window" << (open == 1 ? "" : "s") << " open; see: mail waiting\n";
  if (nowhere > 0) {
    out << nowhere << (nowhere == 1 ? " customer or partner is" : " customers or partners are")
        << " to be told and " << (nowhere == 1 ? "has" : "have") << " no address; see: mail waiting\n";
  }
  for (const auto& one : status.waiting) {
    if (!one.hold || one.hold->reason != "error") continue;
    out << "Customer " << one.customer << ": " << base::cell_text(why(one), 200) << '\n';
  }
}

}  // namespace

int run_mail_status(const MailStatusOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto status = load(workspace->database);
  if (!status) return report(err, status.error());
  if (options.json) {
    out << json::serialize(status_json(workspace->config, *status)) << '\n';
  } else {
    print_status(workspace->config, *status, out);
  }
  return 0;
}

int run_mail_waiting(const MailStatusOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto status = load(workspace->database);
  if (!status) return report(err, status.error());
  json::array list;
  base::TextTable table{{{.heading = "CUSTOMER", .width_max = 24},
                         {.heading = "KIND"},
                         {.heading = "PARTNER", .width_max = 24},
                         {.heading = "WAITING", .align = base::TextTable::Align::right},
                         {.heading = "OPENED (UTC)"},
                         {.heading = "CLOSES (UTC)"},
                         {.heading = "WAITS FOR", .width_max = 100}}};
  for (const auto& one : status->waiting) {
    list.push_back(waiting_json(one));
    table.add({one.customer, one.open.batch.kind, one.partner, std::to_string(one.open.items),
               minute_text(one.open.opened), minute_text(one.open.closes), why(one)});
  }
  if (options.json) {
    out << json::serialize(list) << '\n';
  } else {
    out << (table.empty() ? "Nothing waits.\n" : table.text());
  }
  return 0;
}

}  // namespace collector::commands
