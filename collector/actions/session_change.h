// Changing what a session is charged for, and entering one that no agent could see.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/actions/actor.h"
#include "collector/store/directory.h"

namespace collector::actions {

// What a person puts in place of what was captured and found; what is absent stays as it is.
struct SessionChange {
  std::vector<std::string> reset = {};          // Taken back first: names of resettable().
  std::optional<std::int64_t> technician = {};  // By number.
  std::optional<std::string> customer = {};     // By code.
  std::optional<std::string> terminal = {};     // By address; the customer's.
  std::optional<std::string> contract = {};     // By name; the customer's, in force on that day.
  std::optional<std::string> comment = {};      // With tags, as the technician would write it.
  std::optional<std::int64_t> minutes = {};     // To charge: 0 to 1440.
  std::optional<bool> no_charge = {};           // False: charge it, whatever the comment says.
  std::optional<timing::UtcMs> started = {};    // Only where the capture knows none.
  std::optional<timing::UtcMs> ended = {};      // Likewise.
  std::optional<std::string> work_type = {};
};

// "technician", "customer", "contract", "comment", "charge", "times", "work_type", "released", "hold".
const std::vector<std::string>& resettable();

// invalid_argument, naming field and value, for what is not there or cannot be; conflict if the session may
// not be changed (open_session.h), or if nothing would change. The actor says why. The next run of the
// pipeline attributes and charges the session anew.
[[nodiscard]] base::Status change_session(store::Transaction& tx, const Actor& actor, std::int64_t session_id,
                                          const SessionChange& change, const store::StartOfDay& start_of_day);

// Work on the phone or on site.
struct EnteredSession {
  std::string customer;                      // By code.
  std::optional<std::string> terminal = {};  // By address; the customer's.
  std::int64_t technician = 0;               // By number.
  timing::UtcMs started;
  std::chrono::seconds duration;
  std::string work_type;  // "phone" or "on_site".
  std::string comment;    // With tags, as after any session.
};

// Its number in the list of sessions. It goes through the pipeline like any other.
[[nodiscard]] base::Result<std::int64_t> add_session(store::Transaction& tx, const Actor& actor,
                                                     const EnteredSession& entered,
                                                     const store::StartOfDay& start_of_day);

}  // namespace collector::actions
