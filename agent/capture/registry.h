// What leaves the workstation about sessions with terminals that no customer
// owns: the administrator's choice (capture.unregistered, requirements.md
// section 5.7).
//
// The collector tells digests of the registered remote IDs. Where a session
// must not be told in full, its fact is kept here, and told when its terminal
// is registered later. Before the first list came, no terminal is registered.

#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "agent/capture/witnesses.h"
#include "common/base/result.h"

namespace agent::capture {

enum class Unregistered {
  report,     // Told like any other, so that the terminal can be assigned later. The default.
  anonymous,  // Told without the remote ID.
  ignore,     // Kept on the workstation.
};

// A value. One thread.
class Registry {
 public:
  explicit Registry(Unregistered policy) : policy_{policy} {}

  // Appends to `bodies` what is to be sealed of it, if anything.
  void tell(Telling telling, std::vector<std::string>& bodies);

  // The collector's list, ascending; what was kept and is on it goes to `bodies`.
  void set_terminals(std::uint64_t version, std::vector<std::uint64_t> digests,
                     std::vector<std::string>& bodies);
  std::uint64_t version() const { return version_; }

  // Facts told without their remote ID or not at all, and kept facts that were
  // given up for newer ones, since it was loaded.
  std::uint64_t withheld() const { return withheld_; }
  std::uint64_t dropped() const { return dropped_; }
  std::size_t kept() const { return kept_.size(); }

  // Two parts, because the list changes seldom and the kept facts often.
  std::string save_terminals() const;
  std::string save_kept() const;
  // corrupt: not bytes that these functions of this or an older release wrote; nothing was taken.
  [[nodiscard]] base::Status load(std::string_view terminals, std::string_view kept);

  // Sessions whose last fact is kept. Times beyond that are in the trace only.
  static constexpr std::size_t kKeptMax = 500;

 private:
  bool is_registered(std::string_view remote_id) const;
  void keep(Telling telling);

  Unregistered policy_;
  std::uint64_t version_ = 0;  // 0: no list yet.
  std::vector<std::uint64_t> digests_;
  std::deque<Telling> kept_;  // The oldest first; one a session.
  std::uint64_t withheld_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace agent::capture
