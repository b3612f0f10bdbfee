// The decisions about one session while it is attributed: what they put in place of what was captured, each
// with a step that says who decided it, and which doubts they settle.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "collector/attribution/choose_contract.h"
#include "collector/attribution/decision.h"
#include "collector/attribution/step.h"
#include "collector/attribution/tags.h"
#include "collector/attribution/views.h"
#include "collector/directory/nouns.h"

namespace collector::attribution {

class DecidedCase {
 public:
  // All three outlive it. Appends to `steps` whenever something decided is used.
  DecidedCase(const Decisions& decisions, const directory::Directory& directory, Steps& steps)
      : decisions_{decisions}, directory_{directory}, steps_{steps} {}

  // Null if nobody decided anything.
  const Decision* now() const { return decisions_.in_force(); }

  // The session with the times a person stated, where the capture knows none.
  SessionView with_times(const SessionView& session);

  // What the tags say of the charge, unless a person said otherwise.
  void charge(bool& no_charge, std::optional<std::int64_t>& override_min);

  std::optional<std::int64_t> technician();
  std::int64_t customer();  // Where one was decided.
  // Who stated the contract, and whether it can be: `coverages` are those of the customer's contracts.
  void tell_contract(const std::vector<Coverage>& coverages);

  void tell_comment();
  void tell_hold();
  void tell_withdrawal();
  void tell_work_type();

  // Whether what was decided leaves nothing of this doubt. Accepting one appends a step.
  bool settles(ReviewReason reason, bool duration_known);

 private:
  template <class T>
  void step(T Decision::* field, const std::string& what, Mark mark = Mark::pass);

  const Decisions& decisions_;
  const directory::Directory& directory_;
  Steps& steps_;
  bool stated_times_ = false;
};

}  // namespace collector::attribution
