// Which sessions a list shows, newest first, found by an index and page by page, so that a list costs what it
// shows and not what there is.
//
// A session stands in a list at its own moment: its start, as a person stated it if the capture knows none,
// else its request, its end, or the last sign of it.

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct Place {
  timing::UtcMs moment = timing::from_ms(std::numeric_limits<std::int64_t>::max());
  std::int64_t session_id = std::numeric_limits<std::int64_t>::max();

  auto operator<=>(const Place&) const = default;
};

// Among which sessions a page is looked for.
enum class Among {
  all,
  customer,   // Those of a customer, or of one of his contracts.
  unsettled,  // Those that are not attributed, or not for good: few.
  held,       // Those that ever stood in a hold of the ledger: few.
  adjusted,   // Those of which an adjustment waits for a person: few.
  withdrawn,  // Those that a person took back: few.
};

struct PageFilter {
  Among among = Among::all;
  std::int64_t customer_id = 0;  // Among::customer only, like the contract.
  std::optional<std::int64_t> contract_id = {};
  timing::UtcMs from = timing::from_ms(std::numeric_limits<std::int64_t>::min());
  // Among::all only: what makes the page shorter without being exact for sessions whose start a person
  // stated.
  std::optional<std::int64_t> technician_id = {};
  std::optional<std::string> outcome = {};
  std::optional<bool> billed = {};
};

// Up to `limit` places behind `behind`, in the order of the list.
[[nodiscard]] base::Result<std::vector<Place>> session_page(Transaction& transaction,
                                                            const PageFilter& filter, const Place& behind,
                                                            std::int64_t limit);

// When a technician served a session.
struct ServedRow {
  std::int64_t session_id = 0;
  std::int64_t technician_id = 0;
  timing::UtcMs
      begin;  // As stated by a person where the capture knows none, like `end`, which is not before.
  timing::UtcMs end;
};

// The attributed sessions, neither attempts nor withdrawn, whose captured moment is in [from, to); and all
// that are longer than a day or whose times a person stated.
[[nodiscard]] base::Result<std::vector<ServedRow>> served_between(Transaction& transaction,
                                                                  timing::UtcMs from, timing::UtcMs to);
[[nodiscard]] base::Result<std::vector<ServedRow>> served_oddly(Transaction& transaction);

}  // namespace collector::store
