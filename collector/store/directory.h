// The master data in the database: technicians, support points, templates (old
// versions: templates.h), contracts, and all that attribution may look at.
// Customers, contacts, terminals, partners and holidays have a header each.
//
// The put functions are for imports: they find the row by its natural key, add
// or change it, and say which. Ids in what is passed are not looked at. Whoever
// changed something calls bump_directory_version in the same transaction, so
// that sessions in review are looked at again.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
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

// By number.
[[nodiscard]] base::Result<Put> upsert_technician(Transaction& transaction,
                                                  const directory::Technician& technician);

[[nodiscard]] base::Result<std::optional<directory::Technician>> find_technician(Transaction& transaction,
                                                                                 std::int64_t number);

// In order of ids.
[[nodiscard]] base::Result<std::vector<directory::Technician>> list_technicians(Transaction& transaction);

// In order of ids.
[[nodiscard]] base::Result<std::vector<directory::SupportPoint>> list_support_points(
    Transaction& transaction);

// Everybody's rows of the same workstation or AnyDesk ID, in order of time.
[[nodiscard]] base::Result<std::vector<directory::SupportPoint>> support_points_of(
    Transaction& transaction, const std::string& workstation, const std::string& anydesk_id);

// A new row; its id.
[[nodiscard]] base::Result<std::int64_t> add_support_point(Transaction& transaction,
                                                           const directory::SupportPoint& support_point);

// The validity of the row `support_point.id`; true if it differed.
[[nodiscard]] base::Result<bool> change_support_point(Transaction& transaction,
                                                      const directory::SupportPoint& support_point);

// By technician, workstation or AnyDesk ID, and overlapping validity. Two
// technicians may share a workstation. conflict if two rows overlap with it.
[[nodiscard]] base::Result<Put> upsert_support_point(Transaction& transaction,
                                                     const directory::SupportPoint& support_point);

// Adds a version only if `rule` or `contract` differ from the newest of that name; the id is
// of the version that now is the newest. Without `contract` what the newest one agrees stays.
[[nodiscard]] base::Result<Put> add_template_version(
    Transaction& transaction, const std::string& name, const rating::Rule& rule,
    const std::optional<std::vector<directory::Agreed>>& contract = std::nullopt);

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
