#include "collector/actions/terminals.h"

#include <algorithm>

#include "collector/actions/customers.h"
#include "collector/actions/period.h"
#include "collector/actions/to_json.h"
#include "collector/directory/typed.h"
#include "collector/store/customers.h"
#include "collector/store/terminals.h"

namespace collector::actions {

using base::ErrorCode;
using base::fail;
using directory::Customer;
using directory::Terminal;

namespace {

base::Result<std::string> code_of(store::Transaction& tx, std::int64_t customer_id) {
  const auto all = store::list_customers(tx);
  if (!all) return std::unexpected{all.error()};
  const auto found = std::ranges::find(*all, customer_id, &Customer::id);
  if (found == all->end()) return fail(ErrorCode::internal, "a terminal of a customer that is not there");
  return found->code;
}

// Whose the address was, in order of time, without what was a mistake.
base::Result<std::vector<Terminal>> owners_of(store::Transaction& tx, const std::string& address) {
  auto rows = store::terminals_of_address(tx, address);
  if (rows) std::erase_if(*rows, [](const Terminal& row) { return row.withdrawn.has_value(); });
  return rows;
}

base::Result<std::string> read_address(const std::string& typed) {
  auto address = directory::typed_address(typed);
  if (!address) return fail(address.error().code, "address " + address.error().message);
  return address;
}

std::unexpected<base::Error> refuse_overlap(store::Transaction& tx, const Terminal& row) {
  const auto owner = code_of(tx, row.customer_id);
  if (!owner) return std::unexpected{owner.error()};
  return fail(ErrorCode::conflict,
              "overlapping validity: " + row.address + " belongs to " + *owner + " " +
                  words_for(period_of(row)) +
                  ", and whose it was is not overwritten; begin after that, or if it never was theirs use: "
                  "terminals release " +
                  row.address + " --mistake");
}

// Changes description and validity of a row, and notes it.
base::Result<Done> change_row(store::Transaction& tx, const Actor& actor, const std::string& customer,
                              const Terminal& before, const Terminal& after) {
  const auto changed = store::change_terminal(tx, after);
  if (!changed) return std::unexpected{changed.error()};
  return finish(tx, actor, Way::change, "terminal", after.address,
                {.id = after.id, .created = false, .changed = *changed}, json_text(before, customer),
                json_text(after, customer));
}

std::optional<timing::UtcMs> beginning(const std::vector<Terminal>& owners, const Assignment& wanted,
                                       timing::UtcMs now) {
  if (wanted.from) return wanted.from;
  if (owners.empty()) return std::nullopt;
  const auto& last = owners.back();
  return last.valid_to && *last.valid_to <= now ? last.valid_to : now;
}

// The customer has it already: its description may be another, and it may have been his earlier.
base::Result<Assigned> carry_on(store::Transaction& tx, const Actor& actor, const Assignment& wanted,
                                const std::vector<Terminal>& owners) {
  const auto& before = owners.back();
  auto after = before;
  if (wanted.description) after.description = *wanted.description;
  if (wanted.from && before.valid_from && *wanted.from < *before.valid_from) after.valid_from = wanted.from;
  for (const auto& other : owners) {
    if (other.id != after.id && overlap(period_of(other), period_of(after))) return refuse_overlap(tx, other);
  }
  const auto done = change_row(tx, actor, wanted.customer, before, after);
  if (!done) return std::unexpected{done.error()};
  return Assigned{.done = *done, .terminal = after, .former = {}};
}

// The row behind which a new one begins: it is ended there. Its customer's code, if there is such a row.
base::Result<std::optional<std::string>> end_former(store::Transaction& tx, const Actor& actor,
                                                    const std::vector<Terminal>& owners,
                                                    const Period& wanted) {
  std::optional<std::string> former;
  for (const auto& row : owners) {
    if (!overlap(period_of(row), wanted)) continue;
    const bool ends = wanted.from && covers(period_of(row), *wanted.from) && row.valid_from != wanted.from;
    if (!ends) return refuse_overlap(tx, row);
    const auto owner = code_of(tx, row.customer_id);
    if (!owner) return std::unexpected{owner.error()};
    auto ended = row;
    ended.valid_to = wanted.from;
    if (auto done = change_row(tx, actor, *owner, row, ended); !done) return std::unexpected{done.error()};
    former = *owner;
  }
  return former;
}

}  // namespace

base::Result<Assigned> assign_terminal(store::Transaction& tx, const Actor& actor, const Assignment& wanted) {
  const auto address = read_address(wanted.address);
  if (!address) return std::unexpected{address.error()};
  if (auto fine = check_text("description", wanted.description.value_or("")); !fine) {
    return std::unexpected{fine.error()};
  }
  const auto customer = the_customer(tx, wanted.customer);
  if (!customer) return std::unexpected{customer.error()};
  const auto owners = owners_of(tx, *address);
  if (!owners) return std::unexpected{owners.error()};
  if (!owners->empty() && owners->back().customer_id == customer->id && !owners->back().valid_to) {
    return carry_on(tx, actor, wanted, *owners);
  }
  Terminal row{.id = 0,
               .customer_id = customer->id,
               .address = *address,
               .description = wanted.description.value_or(""),
               .valid_from = beginning(*owners, wanted, actor.now),
               .valid_to = {}};
  for (const auto& former : *owners) {
    if (!wanted.description && former.customer_id == customer->id) row.description = former.description;
  }
  const auto former = end_former(tx, actor, *owners, period_of(row));
  if (!former) return std::unexpected{former.error()};
  const auto id = store::add_terminal(tx, row);
  if (!id) return std::unexpected{id.error()};
  row.id = *id;
  const auto done = finish(tx, actor, Way::add, "terminal", *address,
                           {.id = *id, .created = true, .changed = true}, "", json_text(row, customer->code));
  if (!done) return std::unexpected{done.error()};
  return Assigned{.done = *done, .terminal = row, .former = *former};
}

namespace {

struct Owned {
  Terminal row;
  std::string customer;
};

base::Result<Owned> owned_at(store::Transaction& tx, const std::string& typed, timing::UtcMs at) {
  const auto address = read_address(typed);
  if (!address) return std::unexpected{address.error()};
  const auto owners = owners_of(tx, *address);
  if (!owners) return std::unexpected{owners.error()};
  const auto found =
      std::ranges::find_if(*owners, [&](const Terminal& row) { return covers(period_of(row), at); });
  if (found == owners->end()) {
    return fail(ErrorCode::not_found, "address " + *address + " is nobody's terminal at " +
                                          timing::to_rfc3339(at) + "; see: terminals list --address " +
                                          *address + " --all");
  }
  const auto customer = code_of(tx, found->customer_id);
  if (!customer) return std::unexpected{customer.error()};
  return Owned{.row = *found, .customer = *customer};
}

}  // namespace

base::Result<Terminal> release_terminal(store::Transaction& tx, const Actor& actor,
                                        const std::string& address, timing::UtcMs at) {
  const auto owned = owned_at(tx, address, at);
  if (!owned) return std::unexpected{owned.error()};
  auto ended = owned->row;
  ended.valid_to = at;
  if (auto fine = check_period(period_of(ended)); !fine) return std::unexpected{fine.error()};
  const auto done = change_row(tx, actor, owned->customer, owned->row, ended);
  if (!done) return std::unexpected{done.error()};
  return ended;
}

base::Result<Terminal> withdraw_terminal(store::Transaction& tx, const Actor& actor,
                                         const std::string& address, timing::UtcMs at) {
  if (actor.why.empty()) {
    return fail(ErrorCode::invalid_argument, "reason is empty: say why it never was that customer's");
  }
  const auto owned = owned_at(tx, address, at);
  if (!owned) return std::unexpected{owned.error()};
  if (auto done = store::withdraw_terminal(tx, owned->row.id, actor.now); !done) {
    return std::unexpected{done.error()};
  }
  auto withdrawn = owned->row;
  withdrawn.withdrawn = actor.now;
  const auto done = finish(tx, actor, Way::change, "terminal", withdrawn.address,
                           {.id = withdrawn.id, .created = false, .changed = true},
                           json_text(owned->row, owned->customer), json_text(withdrawn, owned->customer));
  if (!done) return std::unexpected{done.error()};
  return withdrawn;
}

base::Result<Done> import_terminal(store::Transaction& tx, const Actor& actor, const Customer& customer,
                                   Terminal terminal) {
  terminal.customer_id = customer.id;
  for (const auto& fine :
       {check_text("description", terminal.description), check_period(period_of(terminal))}) {
    if (!fine) return std::unexpected{fine.error()};
  }
  const auto owners = owners_of(tx, terminal.address);
  if (!owners) return std::unexpected{owners.error()};
  const Terminal* own = nullptr;
  for (const auto& row : *owners) {
    if (!overlap(period_of(row), period_of(terminal))) continue;
    if (own != nullptr || row.customer_id != customer.id) return refuse_overlap(tx, row);
    own = &row;
  }
  const auto before = own != nullptr ? json_text(*own, customer.code) : "";
  const auto put = store::upsert_terminal(tx, terminal);
  if (!put) return std::unexpected{put.error()};
  return finish(tx, actor, Way::import, "terminal", terminal.address, *put, before,
                json_text(terminal, customer.code));
}

}  // namespace collector::actions
