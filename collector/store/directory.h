// The master data in the database: customers, terminals, technicians, support
// points, templates (old versions: templates.h), contracts, holidays (holidays.h).
//
// The put functions are for imports: they find the row by its natural key, add
// or change it, and say which. Ids in what is passed are not looked at. Whoever
// changed something calls bump_directory_version in the same transaction, so
// that sessions in review are looked at again.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct Put {
  std::int64_t id = 0;
  bool created = false;
  bool changed = false;  // Also true when created.
};

// The instant at which a day begins in an IANA time zone. The store has no zone
// database.
using StartOfDay =
    std::function<base::Result<timing::UtcMs>(std::chrono::year_month_day, const std::string&)>;

// Everything, in order of ids; an error of `start_of_day` is passed on with the
// contract's name.
[[nodiscard]] base::Result<directory::Directory> load_directory(Transaction& transaction,
                                                                const StartOfDay& start_of_day);

// The addresses, as registered, of the terminals that are valid at `moment`; one may come more than once.
[[nodiscard]] base::Result<std::vector<std::string>> terminal_addresses_at(Transaction& transaction,
                                                                           timing::UtcMs moment);

// By code.
[[nodiscard]] base::Result<Put> upsert_customer(Transaction& transaction,
                                                const directory::Customer& customer);

// By customer, address and overlapping validity: a row of the same customer that
// overlaps is changed, bounds included. conflict if the address belongs to
// another customer at any moment of the validity, or to two rows of this one.
[[nodiscard]] base::Result<Put> upsert_terminal(Transaction& transaction,
                                                const directory::Terminal& terminal);

// By number.
[[nodiscard]] base::Result<Put> upsert_technician(Transaction& transaction,
                                                  const directory::Technician& technician);

// By technician, workstation or AnyDesk ID, and overlapping validity. Two
// technicians may share a workstation. conflict if two rows overlap with it.
[[nodiscard]] base::Result<Put> upsert_support_point(Transaction& transaction,
                                                     const directory::SupportPoint& support_point);

// Adds a version only if `rule` differs from the newest of that name; the id is
// of the version that now is the newest.
[[nodiscard]] base::Result<Put> add_template_version(Transaction& transaction, const std::string& name,
                                                     const rating::Rule& rule);

// The newest version of a template; not_found, with the name, if there is none.
[[nodiscard]] base::Result<directory::Template> find_template(Transaction& transaction,
                                                              const std::string& name);

// By customer_id and name. conflict if the contract has ledger entries and its
// model or template would change: what was agreed and charged stays, a new
// contract is needed instead.
[[nodiscard]] base::Result<Put> upsert_contract(Transaction& transaction,
                                                const directory::Contract& contract);

// Which state of the directory this is; load_directory() gives the same again while it does not change.
[[nodiscard]] base::Result<std::int64_t> directory_version(Transaction& transaction);

// Returns the new version.
[[nodiscard]] base::Result<std::int64_t> bump_directory_version(Transaction& transaction);

}  // namespace collector::store
