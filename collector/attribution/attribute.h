// Attribution: whose session was it, for which customer, under which contract,
// and may it be charged without a person looking at it?

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/attribution/decision.h"
#include "collector/attribution/find_technician.h"
#include "collector/attribution/review_reason.h"
#include "collector/attribution/step.h"
#include "collector/attribution/tags.h"
#include "collector/attribution/views.h"
#include "collector/directory/nouns.h"

namespace collector::attribution {

struct Settings {
  TagSettings tags;
  TechnicianOrder technician_order = TechnicianOrder::support_point_first;
  std::int64_t comment_wait_s = 3'600;  // How long after its end a session waits for its comment.
  std::int64_t max_session_s = 43'200;  // Longer ones are reviewed: perhaps forgotten open. Never cut.
};

enum class Disposition {
  ready,            // To be rated.
  review,           // A person must decide; `reasons` say why.
  pending_comment,  // Not yet: the session still runs, or its comment may still come.
};

// As stored: "ready", "review", "pending_comment".
std::string_view to_string(Disposition disposition);

struct Attribution {
  std::optional<std::int64_t> technician_id;
  std::string technician_rule = "none";  // "tag", "support_point", "anydesk_id", "manual" or "none".
  std::optional<std::int64_t> customer_id;
  std::optional<std::int64_t> terminal_id;
  std::optional<std::int64_t> contract_id;  // Present whenever the disposition is ready.
  bool no_charge = false;
  std::optional<std::int64_t> override_min;
  bool hold = false;
  std::string text;                        // For the customer.
  std::optional<std::int64_t> duration_s;  // What is to be rated; present whenever the disposition is ready.
  // Those that a person stated and that count, because the capture knows none.
  std::optional<timing::UtcMs> stated_start;
  std::optional<timing::UtcMs> stated_end;
  std::string work_type;  // As a person decided; empty: nothing was said.
  Disposition disposition = Disposition::review;
  std::vector<ReviewReason>
      reasons;  // Each once; empty exactly when ready or when nothing but a comment is awaited.
  std::vector<std::string> hints;  // The comment's.
  Steps steps;                     // Why, in order.

  bool operator==(const Attribution&) const = default;
};

// Everything is looked up as of the session's own start. `now` only decides
// whether a missing comment may still come: until its end + comment_wait_s,
// that instant included, the session is pending whatever else is wrong; a
// session without an end does not wait, nor one whose comment a person wrote or
// does without. What people decided goes before what was captured and written.
// Same arguments, same answer.
Attribution attribute(const SessionView& session, const std::optional<CommentView>& comment,
                      const directory::Directory& directory, const Settings& settings, timing::UtcMs now,
                      const Decisions& decisions = {});

}  // namespace collector::attribution
