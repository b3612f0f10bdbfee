// How sure a session is, as `sessions` and `explain` show it.

#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/sessions.h"

namespace collector::commands {

// What is worth a look, in words, the weightiest first; empty for a session as they usually are.
std::vector<std::string> capture_notes(const store::SessionRow& session);

// Flags that are set: "clock_went_backwards", "clock_jumped", "over_length", "overnight",
// "remote_id_withheld".
std::vector<std::string> capture_flags(const store::SessionRow& session);

// Why it has no end, in words; empty unless abandoned with something known of it.
std::string abandoned_text(const store::SessionRow& session);

// AnyDesk's end minus its start; nothing while one is unknown.
std::optional<std::int64_t> anydesk_ms(const store::SessionRow& session);

// "AnyDesk 34:12.000, boot-time clock 34:10.000 +- 500 ms".
std::string durations_text(const store::SessionRow& session);

// The remote end where no terminal is known: its ID, "unknown", or "unregistered terminal, ID withheld".
std::string remote_text(const store::SessionRow& session);

// All of it for programs; docs/operating/collector.md names the fields.
boost::json::object capture_json(const store::SessionRow& session);

}  // namespace collector::commands
