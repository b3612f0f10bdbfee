#include "agent/session/snapshot.h"

#include <algorithm>
#include <tuple>

namespace agent::session {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::desktop: return "desktop";
    case Kind::file_transfer: return "file_transfer";
    case Kind::vpn: return "vpn";
  }
  return "";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::active: return "active";
    case Outcome::completed: return "completed";
    case Outcome::failed: return "failed";
    case Outcome::abandoned: return "abandoned";
    case Outcome::partial: return "partial";
  }
  return "";
}

std::string_view to_string(Witness witness) {
  return witness == Witness::service ? "service" : "window";
}

std::string_view to_string(AbandonCause cause) {
  switch (cause) {
    case AbandonCause::unknown: return "unknown";
    case AbandonCause::crash: return "crash";
    case AbandonCause::kill: return "kill";
    case AbandonCause::power: return "power";
    case AbandonCause::log_off: return "log_off";
    case AbandonCause::replaced: return "replaced";
  }
  return "";
}

std::string_view to_string(Doubt doubt) {
  switch (doubt) {
    case Doubt::remote_id_typed: return "remote_id_typed";
    case Doubt::pairing: return "pairing";
    case Doubt::kind: return "kind";
  }
  return "";
}

std::optional<std::int64_t> duration_ms(const Snapshot& snapshot) {
  if (snapshot.outcome != Outcome::completed || !snapshot.started || !snapshot.ended) return std::nullopt;
  if (snapshot.clock_went_backwards || *snapshot.ended < *snapshot.started) return std::nullopt;
  return (*snapshot.ended - *snapshot.started).count();
}

void sort_by_file(std::vector<Snapshot>& snapshots) {
  std::ranges::sort(snapshots, [](const Snapshot& a, const Snapshot& b) {
    return std::tie(a.first_offset, a.key) < std::tie(b.first_offset, b.key);
  });
}

}  // namespace agent::session
