// What is found out about billed sessions: their charges stay, and the difference becomes an adjustment.

#include <algorithm>

#include "collector/ledger/entry.h"
#include "collector/pipeline/comment_of.h"
#include "collector/pipeline/rating_unit.h"
#include "collector/pipeline/session_view.h"
#include "collector/pipeline/steps.h"
#include "collector/rating/rate.h"
#include "collector/store/adjustments.h"
#include "collector/store/ledger_rows.h"

namespace collector::pipeline {

using attribution::ReviewReason;
using base::ErrorCode;
using base::fail;
using store::AdjustmentRow;
using store::AdjustmentStory;

namespace {

constexpr const char* kCommentChanged = "comment changed after billing";

// Minutes and money.
struct Cost {
  std::int64_t minutes = 0;
  std::int64_t amount = 0;

  bool operator==(const Cost&) const = default;
};

// Those that a comment, and who is named in it, can be the reason for; all others were settled when the
// session was billed.
std::vector<ReviewReason> about_the_comment(const std::vector<ReviewReason>& reasons) {
  std::vector<ReviewReason> some;
  std::ranges::copy_if(reasons, std::back_inserter(some), [](ReviewReason reason) {
    switch (reason) {
      case ReviewReason::no_description:
      case ReviewReason::ambiguous_number:
      case ReviewReason::bad_override:
      case ReviewReason::contradicting_tags:
      case ReviewReason::hold:
      case ReviewReason::unknown_technician:
      case ReviewReason::no_technician:
      case ReviewReason::ambiguous_technician: return true;
      default: return false;
    }
  });
  return some;
}

Cost cost_so_far(const store::ChargeRow& charge, const std::vector<AdjustmentStory>& stories) {
  Cost cost{.minutes = charge.minutes, .amount = charge.amount};
  for (const auto& story : stories) {
    if (!story.posting) continue;
    cost.minutes += story.posting->minutes;
    cost.amount += story.posting->amount;
  }
  return cost;
}

// One transaction's work.
class Adjuster {
 public:
  Adjuster(store::Transaction& tx, const directory::Directory& directory, const Settings& settings,
           timing::UtcMs now)
      : tx_{tx}, directory_{directory}, settings_{settings}, calendars_{directory}, now_{now} {}

  // A billed session that may have another comment now.
  base::Status look_at(std::int64_t session_id) {
    const auto session = store::find_session(tx_, session_id);
    if (!session) return std::unexpected{session.error()};
    const auto charge = store::charge_of(tx_, session_id);
    if (!charge) return std::unexpected{charge.error()};
    // One that was billed without a charge has nothing to adjust.
    if (!*session || !*charge) return store::forget_new_comment(tx_, session_id);
    const auto comment = comment_of(tx_, **session, settings_);
    if (!comment) return std::unexpected{comment.error()};
    const auto stories = store::adjustments_of(tx_, session_id);
    if (!stories) return std::unexpected{stories.error()};
    const auto known = comment_known(session_id, *stories);
    if (!known) return std::unexpected{known.error()};
    if (!*comment || (*comment)->id == *known) return store::forget_new_comment(tx_, session_id);
    return propose(**session, **charge, **comment, *stories);
  }

  // Puts the difference to what was charged so far beside the charge.
  base::Status post(const AdjustmentStory& story) {
    const auto& adjustment = story.adjustment;
    const auto charge = store::find_charge(tx_, adjustment.charge_id);
    if (!charge) return std::unexpected{charge.error()};
    if (!*charge) {
      return fail(ErrorCode::internal, "charge " + std::to_string(adjustment.charge_id) + " vanished");
    }
    const auto stories = store::adjustments_of_charge(tx_, adjustment.charge_id);
    if (!stories) return std::unexpected{stories.error()};
    const auto cost = cost_of(**charge, *stories, adjustment);
    if (!cost) return std::unexpected{cost.error()};
    store::AdjustmentPosting posting;
    posting.adjustment_id = adjustment.id;
    posting.charge_id = adjustment.charge_id;
    posting.posted = now_;
    if (!*cost) {
      if (auto asked = ask_again(adjustment); !asked) return asked;
      return store::add_adjustment_posting(tx_, posting);
    }
    const auto before = cost_so_far(**charge, *stories);
    posting.minutes = (*cost)->minutes - before.minutes;
    posting.amount = (*cost)->amount - before.amount;
    const auto entry_id = add_entry(story, **charge, posting);
    if (!entry_id) return std::unexpected{entry_id.error()};
    posting.entry_id = *entry_id;
    return store::add_adjustment_posting(tx_, posting);
  }

 private:
  // The comment that the session was billed by, or the newest that was looked at since.
  base::Result<std::optional<std::int64_t>> comment_known(std::int64_t session_id,
                                                          const std::vector<AdjustmentStory>& stories) {
    for (auto story = stories.rbegin(); story != stories.rend(); ++story) {
      if (story->adjustment.comment_id) return story->adjustment.comment_id;
    }
    const auto attribution = store::latest_attribution(tx_, session_id);
    if (!attribution) return std::unexpected{attribution.error()};
    return *attribution ? (*attribution)->comment_id : std::nullopt;
  }

  base::Status propose(const store::SessionRow& session, const store::ChargeRow& charge,
                       const store::CommentRow& comment, const std::vector<AdjustmentStory>& stories) {
    const auto made = attribution_of(tx_, session, comment, directory_, settings_, now_);
    if (!made) return std::unexpected{made.error()};
    AdjustmentRow row;
    row.session_id = session.id;
    row.charge_id = charge.id;
    row.comment_id = comment.id;
    row.technician_id = made->row.technician_id;
    row.no_charge = made->row.no_charge;
    row.override_min = made->row.override_min;
    row.text = made->row.text;
    row.steps = made->row.steps;
    row.why = kCommentChanged;
    row.created = now_;
    auto reasons = about_the_comment(made->found.reasons);
    bool differs = true;
    if (reasons.empty()) {
      const auto all = store::adjustments_of_charge(tx_, charge.id);
      if (!all) return std::unexpected{all.error()};
      const auto cost = cost_of(charge, *all, row);
      if (!cost) return std::unexpected{cost.error()};
      if (!*cost) {
        reasons.push_back(ReviewReason::cannot_be_rated);
      } else {
        row.minutes = (*cost)->minutes;
        row.amount = (*cost)->amount;
        differs = **cost != cost_so_far(charge, *all);
      }
      const auto entry = store::entry_to_adjust(tx_, charge);
      if (!entry) return std::unexpected{entry.error()};
      if (differs && !*entry) reasons.push_back(ReviewReason::divided_charge);
    }
    row.reasons = attribution::to_codes(reasons);
    const bool by_itself = settings_.adjust_by_itself && reasons.empty() && !said_by_a_person(stories);
    row.waits = differs && !by_itself;
    const auto id = store::add_adjustment(tx_, row);
    if (!id) return std::unexpected{id.error()};
    if (!differs || !by_itself) return {};
    return store::decide_adjustment(tx_, {.adjustment_id = *id,
                                          .released = true,
                                          .who = "",
                                          .why = "set up so (adjust = posted)",
                                          .decided = now_});
  }

  // What a person said goes before what a comment says: he is asked again.
  static bool said_by_a_person(const std::vector<AdjustmentStory>& stories) {
    const auto last = std::ranges::find_if(
        stories.rbegin(), stories.rend(),
        [](const AdjustmentStory& story) { return story.decision && story.decision->released; });
    return last != stories.rend() && !last->adjustment.comment_id;
  }

  // It was released, and with what was released beside it nobody knows any more what all of it costs: nothing
  // is posted, and it waits for a person once more.
  base::Status ask_again(AdjustmentRow row) {
    row.reasons = attribution::to_string(ReviewReason::cannot_be_rated);
    row.waits = true;
    row.minutes.reset();
    row.amount.reset();
    row.created = now_;
    const auto id = store::add_adjustment(tx_, row);
    return id ? base::Status{} : std::unexpected{id.error()};
  }

  // What all that is charged together costs with `adjustment`, and with what was released of the others;
  // nothing if it cannot be rated.
  base::Result<std::optional<Cost>> cost_of(const store::ChargeRow& charge,
                                            const std::vector<AdjustmentStory>& stories,
                                            const AdjustmentRow& adjustment) {
    std::vector<std::pair<timing::UtcMs, Part>> parts;
    for (const auto& one : charge.parts) {
      auto part = billed_part(one);
      if (!part) return std::unexpected{part.error()};
      const auto* instead = adjustment.session_id == one.session_id ? &adjustment : nullptr;
      for (const auto& story : stories) {
        const bool counts = instead != &adjustment && story.adjustment.session_id == one.session_id &&
                            story.decision && story.decision->released;
        if (counts) instead = &story.adjustment;
      }
      if (instead != nullptr) {
        part->attribution.technician_id = instead->technician_id;
        part->attribution.no_charge = instead->no_charge;
        part->attribution.override_min = instead->override_min;
      }
      const auto view = view_of(part->session, part->attribution);
      if (!view) return std::unexpected{view.error()};
      parts.emplace_back(view->started.value_or(charge.at), std::move(*part));
    }
    if (parts.empty())
      return fail(ErrorCode::internal, "charge " + std::to_string(charge.id) + " is of nothing");
    std::ranges::sort(parts, {}, [](const auto& one) {
      return std::tuple{one.first, std::string_view{one.second.session.session_key}, one.second.session.id};
    });
    std::vector<Part> in_order;
    for (auto& [begin, part] : parts) in_order.push_back(std::move(part));
    // By the rule that it was billed by, whatever was decided since.
    const auto rated = charge_for(charge.subject, in_order, directory_, calendars_, now_, charge.rerating_id);
    if (!rated) return std::unexpected{rated.error()};
    if (rated->rating_version == rating::kNotRated) return std::nullopt;
    return Cost{.minutes = rated->minutes, .amount = rated->amount};
  }

  // The session as it was billed.
  base::Result<Part> billed_part(const store::ChargePart& part) {
    auto session = store::find_session(tx_, part.session_id);
    if (!session) return std::unexpected{session.error()};
    const auto attributions = store::attributions_of(tx_, part.session_id);
    if (!attributions) return std::unexpected{attributions.error()};
    const auto by = std::ranges::find(*attributions, part.attribution_id, &store::AttributionRow::id);
    if (!*session || by == attributions->end()) {
      return fail(ErrorCode::internal, "session " + std::to_string(part.session_id) + " vanished");
    }
    return Part{.session = std::move(**session), .attribution = *by, .seconds = part.seconds};
  }

  // Nothing if there is nothing to put anywhere.
  base::Result<std::optional<std::int64_t>> add_entry(const AdjustmentStory& story,
                                                      const store::ChargeRow& charge,
                                                      const store::AdjustmentPosting& posting) {
    if (posting.minutes == 0 && posting.amount == 0) return std::nullopt;
    const auto beside = store::entry_to_adjust(tx_, charge);
    if (!beside) return std::unexpected{beside.error()};
    const auto contract =
        std::ranges::find(directory_.contracts, charge.contract_id, &directory::Contract::id);
    if (!*beside || contract == directory_.contracts.end()) {
      return fail(ErrorCode::internal, "adjustment " + std::to_string(posting.adjustment_id) +
                                           " was released, and its charge is not on one contract alone");
    }
    const auto kind = ledger::kind_from((*beside)->kind);
    if (!kind) return std::unexpected{kind.error()};
    const auto& decision = *story.decision;
    auto reason = story.adjustment.why;
    if (!decision.who.empty()) reason += ", " + decision.who;
    if (!decision.why.empty() && decision.why != story.adjustment.why) reason += ": " + decision.why;
    auto entry = ledger::correct(*contract, *kind, decision.decided, posting.minutes, posting.amount,
                                 std::move(reason));
    if (entry.lines.empty()) return std::nullopt;
    entry.subject = "a" + std::to_string(posting.adjustment_id);
    entry.session_id = story.adjustment.session_id;
    entry.charge_id = charge.id;
    const auto id = store::add_entry(tx_, store::row_of(entry, *contract, now_), "");
    if (!id) return std::unexpected{id.error()};
    auto done = store::plan_again(tx_, contract->customer_id, entry.at);
    if (!done) return std::unexpected{done.error()};
    return *id;
  }

  store::Transaction& tx_;
  const directory::Directory& directory_;
  const Settings& settings_;
  Calendars calendars_;
  timing::UtcMs now_;
};

}  // namespace

base::Result<std::int64_t> adjust(store::Transaction& tx, const directory::Directory& directory,
                                  const Settings& settings, timing::UtcMs now) {
  Adjuster adjuster{tx, directory, settings, now};
  // What is decided first: what comes next is compared with what the charge costs then.
  const auto released = store::adjustments_to_post(tx, kAdjustRowsMax);
  if (!released) return std::unexpected{released.error()};
  for (const auto& story : *released) {
    if (auto done = adjuster.post(story); !done) return std::unexpected{done.error()};
  }
  const auto commented =
      store::billed_with_new_comment(tx, std::chrono::seconds{settings.comment_tolerance_s}, kAdjustRowsMax);
  if (!commented) return std::unexpected{commented.error()};
  for (const auto session_id : *commented) {
    if (auto done = adjuster.look_at(session_id); !done) return std::unexpected{done.error()};
  }
  return static_cast<std::int64_t>(commented->size() + released->size());
}

}  // namespace collector::pipeline
