#include "collector/commands/terminals.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/customers.h"
#include "collector/actions/terminals.h"
#include "collector/actions/to_json.h"
#include "collector/attribution/review_reason.h"
#include "collector/directory/typed.h"
#include "collector/rating/duration_text.h"
#include "collector/store/customers.h"
#include "collector/store/terminals.h"
#include "common/base/text_table.h"
#include "common/timing/clock.h"

namespace collector::commands {

namespace json = boost::json;
using directory::Terminal;

namespace {

struct Listed {
  Terminal terminal;
  std::string customer;
};

base::Result<std::vector<Listed>> load(store::Transaction& tx, const TerminalsOptions& options) {
  std::int64_t only = 0;
  if (!options.customer.empty()) {
    const auto customer = actions::the_customer(tx, options.customer);
    if (!customer) return std::unexpected{customer.error()};
    only = customer->id;
  }
  std::string address;
  if (!options.address.empty()) {
    const auto typed = directory::typed_address(options.address);
    if (!typed) return base::fail(typed.error().code, "address " + typed.error().message);
    address = *typed;
  }
  const auto terminals = store::list_terminals(tx);
  if (!terminals) return std::unexpected{terminals.error()};
  const auto customers = store::list_customers(tx);
  if (!customers) return std::unexpected{customers.error()};
  const auto now = timing::system_clock().utc();
  std::vector<Listed> rows;
  for (const auto& terminal : *terminals) {
    const bool over = terminal.withdrawn || (terminal.valid_to && *terminal.valid_to <= now);
    if ((over && !options.all) || (only != 0 && terminal.customer_id != only)) continue;
    if (!address.empty() && terminal.address != address) continue;
    const auto owner = std::ranges::find(*customers, terminal.customer_id, &directory::Customer::id);
    rows.push_back({.terminal = terminal, .customer = owner->code});
  }
  return rows;
}

}  // namespace

int run_terminals_list(const TerminalsOptions& options, std::ostream& out, std::ostream& err) {
  const auto rows = look(options.person.config, [&](store::Transaction& tx) { return load(tx, options); });
  if (!rows) return report(err, rows.error());
  if (options.person.json) {
    json::array list;
    for (const auto& row : *rows) list.push_back(actions::to_json(row.terminal, row.customer));
    out << json::serialize(list) << '\n';
    return 0;
  }
  base::TextTable table{{{.heading = "ADDRESS"},
                         {.heading = "CUSTOMER"},
                         {.heading = "DESCRIPTION"},
                         {.heading = "FROM"},
                         {.heading = "UNTIL"},
                         {.heading = ""}}};
  for (const auto& [terminal, customer] : *rows) {
    table.add({terminal.address, customer, terminal.description, bound_text(terminal.valid_from, "always"),
               bound_text(terminal.valid_to), terminal.withdrawn ? "a mistake" : ""});
  }
  out << (table.empty() ? "No terminals.\n" : table.text());
  return 0;
}

int run_terminals_assign(const TerminalsOptions& options, std::ostream& out, std::ostream& err) {
  const auto act = [&](store::Transaction& tx,
                       const actions::Actor& actor) -> base::Result<actions::Assigned> {
    actions::Assignment wanted{.address = options.address, .customer = options.customer};
    if (const auto typed = options.cells.find("description"); typed != options.cells.end()) {
      wanted.description = typed->second;
    }
    if (auto taken = take_moment(options.cells, "from", wanted.from); !taken) {
      return std::unexpected{taken.error()};
    }
    return actions::assign_terminal(tx, actor, wanted);
  };
  const auto assigned = by_person(options.person, act);
  if (!assigned) return report(err, assigned.error());
  const auto& [done, terminal, former] = *assigned;
  if (options.person.json) {
    auto object = actions::to_json(terminal, options.customer);
    object["created"] = done.created;
    object["changed"] = done.changed;
    object["former"] = former ? json::value(*former) : json::value(nullptr);
    object["committed"] = !options.person.preview;
    out << json::serialize(object) << '\n';
    return 0;
  }
  const auto from = terminal.valid_from ? " from " + bound_text(terminal.valid_from) + " on" : " from always";
  out << "terminal " << terminal.address << ": " << options.customer << "'s" << from;
  if (former) out << ", until then " << *former << "'s";
  out << (done.changed ? "\n" : ", as before\n");
  if (done.changed && !options.person.preview) out << "Sessions in review are looked at again.\n";
  say_preview(options.person, out);
  return 0;
}

int run_terminals_release(const TerminalsOptions& options, std::ostream& out, std::ostream& err) {
  const auto act = [&](store::Transaction& tx, const actions::Actor& actor) -> base::Result<Terminal> {
    std::optional<timing::UtcMs> at;
    if (auto taken = take_moment(options.cells, "at", at); !taken) return std::unexpected{taken.error()};
    const auto moment = at.value_or(actor.now);
    return options.mistake ? actions::withdraw_terminal(tx, actor, options.address, moment)
                           : actions::release_terminal(tx, actor, options.address, moment);
  };
  const auto released = by_person(options.person, act);
  if (!released) return report(err, released.error());
  if (options.person.json) {
    out << json::serialize(
               json::object{{"address", released->address},
                            {"mistake", options.mistake},
                            {"valid_to_utc", released->valid_to ? json::value(bound_text(released->valid_to))
                                                                : json::value(nullptr)},
                            {"committed", !options.person.preview}})
        << '\n';
    return 0;
  }
  if (options.mistake) {
    out << "terminal " << released->address << ": withdrawn, it never was that customer's\n";
  } else {
    out << "terminal " << released->address << ": nobody's from " << bound_text(released->valid_to)
        << " on\n";
  }
  say_preview(options.person, out);
  return 0;
}

int run_terminals_unknown(const TerminalsOptions& options, std::ostream& out, std::ostream& err) {
  const auto rows = look(options.person.config, [&](store::Transaction& tx) {
    return store::addresses_in_review(tx, attribution::to_string(attribution::ReviewReason::unknown_terminal),
                                      options.limit);
  });
  if (!rows) return report(err, rows.error());
  if (options.person.json) {
    json::array list;
    for (const auto& row : *rows) {
      list.push_back(json::object{{"address", row.address},
                                  {"sessions", row.sessions},
                                  {"duration_s", row.length_ms / 1000},
                                  {"first_utc", timing::to_rfc3339(row.first)},
                                  {"newest_utc", timing::to_rfc3339(row.newest)}});
    }
    out << json::serialize(list) << '\n';
    return 0;
  }
  using base::TextTable;
  TextTable table{{{.heading = "ADDRESS"},
                   {.heading = "SESSIONS", .align = TextTable::Align::right},
                   {.heading = "LENGTH", .align = TextTable::Align::right},
                   {.heading = "FIRST"},
                   {.heading = "NEWEST"}}};
  for (const auto& row : *rows) {
    table.add({row.address, std::to_string(row.sessions), rating::duration_text(row.length_ms / 1000),
               timing::to_rfc3339(row.first), timing::to_rfc3339(row.newest)});
  }
  if (table.empty()) {
    out << "No session waits for an unknown terminal.\n";
    return 0;
  }
  out << table.text() << "To assign one: deskledger-collector terminals assign " << rows->front().address
      << " CUSTOMER --description \"...\"\n";
  return 0;
}

}  // namespace collector::commands
