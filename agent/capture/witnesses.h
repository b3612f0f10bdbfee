// One session, two writers (traces.md section 3.1): the service's trace is the
// record, and the window's is told only if no readable service tells of it.
//
// Which trace is missing is not asked: a session of the window counts as told
// by a service if a service has one that began in the same moment. So it does
// not matter whether the service's trace is closed to us, begins later because
// AnyDesk cut it, or became readable only now. If a service tells of a session
// that the window had to be believed for before, it is told again under the
// window's key, and so replaces it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session/snapshot.h"
#include "common/base/result.h"

namespace agent::capture {

// A fact that is ready to be told, as the bytes it would be sealed as.
struct Telling {
  std::string key;        // Of the session.
  std::string remote_id;  // Empty: unknown.
  std::string body;
};

// Of all sources together; a value. One thread.
class Witnesses {
 public:
  // A service's trace has `snapshot`: the key under which it is to be told.
  std::string told_as(const session::Snapshot& snapshot);

  // A window's trace has `snapshot`, observed at `boot_ms`. Kept until decide() knows.
  void window(const session::Snapshot& snapshot, Telling telling, std::int64_t boot_ms);

  // To be called when every source was read to its end: what only windows tell
  // of. Both writers log in the same millisecond, but they are read one after
  // the other, so a session waits kPatienceMs for its service.
  std::vector<Telling> decide(std::int64_t boot_ms);

  // Of the sessions that windows told of, since it was loaded.
  std::uint64_t told_by_windows() const { return told_by_windows_; }

  // corrupt: not bytes that save() of this or an older release wrote.
  std::string save() const;
  [[nodiscard]] static base::Result<Witnesses> load(std::string_view bytes);

  static constexpr std::int64_t kPatienceMs = 10'000;
  // Sessions of either kind that decide() leaves; the oldest are forgotten, but none that waits.
  static constexpr std::size_t kSessionsMax = 256;

 private:
  struct Times {
    std::optional<timing::UtcMs> requested;
    std::optional<timing::UtcMs> started;
    std::optional<timing::UtcMs> ended;
  };
  struct Service {
    std::string key;
    std::string told_as;  // Empty: its own key.
    Times times;
  };
  struct Window {
    std::string key;
    Times times;
    bool taken = false;            // A service tells of it.
    bool told = false;             // At least once.
    std::optional<Telling> waits;  // Not told yet.
    std::optional<std::int64_t> waits_since_boot_ms = {};
  };

  static Times times_of(const session::Snapshot& snapshot);
  static bool same(const Times& a, const Times& b);
  bool has_service(const Times& times) const;
  void forget_the_oldest();

  std::vector<Service> services_;
  std::vector<Window> windows_;
  std::uint64_t told_by_windows_ = 0;
};

}  // namespace agent::capture
