#include "collector/attribution/attribute.h"

#include <algorithm>

#include "collector/attribution/choose_contract.h"
#include "collector/attribution/decided_case.h"
#include "collector/attribution/find_terminal.h"
#include "collector/attribution/review_capture.h"

namespace collector::attribution {

namespace {

// One attribution under construction.
class Case {
 public:
  Case(const SessionView& session, const std::optional<CommentView>& comment,
       const directory::Directory& directory, const Settings& settings, timing::UtcMs now,
       const Decisions& decisions)
      : session_{session},
        comment_{comment},
        directory_{directory},
        settings_{settings},
        now_{now},
        decided_{decisions, directory, result_.steps} {}

  Attribution decide() {
    if (session_.outcome == Outcome::active) {
      step("session", "the session is still running", Mark::info);
      result_.disposition = Disposition::pending_comment;
      return std::move(result_);
    }
    if (session_.outcome == Outcome::failed) {
      step("session", "the attempt never became a session", Mark::fail);
      review(ReviewReason::not_a_session);
      return std::move(result_);
    }
    look_at_times();
    review(review_capture(session_, settings_.max_session_s, result_.steps));
    look_at_comment();
    look_up();
    apply_decisions();
    conclude();
    return std::move(result_);
  }

 private:
  void step(std::string what, std::string detail, Mark mark) {
    result_.steps.push_back({.what = std::move(what), .detail = std::move(detail), .mark = mark});
  }

  void review(ReviewReason reason) {
    if (!decided_.settles(reason, result_.duration_s.has_value())) result_.reasons.push_back(reason);
  }

  void review(const std::vector<ReviewReason>& reasons) {
    for (const auto reason : reasons) review(reason);
  }

  void look_at_times() {
    const auto captured = session_;
    session_ = decided_.with_times(captured);
    if (session_.started != captured.started) result_.stated_start = session_.started;
    if (session_.ended != captured.ended) result_.stated_end = session_.ended;
    result_.duration_s = duration_s(session_);
  }

  void look_at_comment() {
    const auto* decision = decided_.now();
    if (decision != nullptr && decision->comment) {
      decided_.tell_comment();
      read_comment(*decision->comment);
      return;
    }
    if (!comment_ && session_.remote_id_withheld) {
      step("comment", "without the remote ID no comment can be found", Mark::info);
      return;
    }
    if (!comment_) {
      const bool done_without =
          decision != nullptr &&
          std::ranges::find(decision->released, ReviewReason::no_comment) != decision->released.end();
      waits_ = !done_without && session_.ended &&
               now_ <= *session_.ended + std::chrono::seconds{settings_.comment_wait_s};
      step("comment", waits_ ? "no comment yet" : "no comment arrived in time",
           waits_ ? Mark::info : Mark::fail);
      if (!waits_) review(ReviewReason::no_comment);
      return;
    }
    read_comment(comment_->text);
  }

  void read_comment(const std::string& text) {
    tags_ = parse_comment(text, settings_.tags);
    result_.no_charge = tags_->no_charge;
    result_.override_min = tags_->override_min;
    result_.hold = tags_->hold;
    result_.text = tags_->text;
    result_.hints = tags_->hints;
    if (tags_->no_charge) step("comment", "# says: no charge", Mark::info);
    if (tags_->override_min) {
      step("comment", "the braces say: charge " + std::to_string(*tags_->override_min) + " min", Mark::info);
    }
    for (const auto& hint : tags_->hints) step("comment", hint, Mark::info);
    for (const auto reason : tags_->reasons) step("comment", std::string{explain(reason)}, Mark::fail);
    if (tags_->reasons.empty()) step("comment", "the comment describes the session", Mark::pass);
    review(tags_->reasons);
  }

  void look_up() {
    const auto moment = own_moment(session_);
    if (!moment) {
      step("session", "no time of the session is known, so nothing can be looked up", Mark::fail);
      return;
    }
    look_up_technician(*moment);
    look_up_customer(*moment);
    if (!result_.customer_id) return;  // Without a customer there is no contract to speak of.
    look_up_contract(*moment);
  }

  void look_up_technician(timing::UtcMs moment) {
    if (const auto decided = decided_.technician()) {
      result_.technician_id = decided;
      result_.technician_rule = "manual";
      return;
    }
    auto technician = find_technician(session_, tags_ ? &*tags_ : nullptr, moment, directory_,
                                      settings_.technician_order, result_.steps);
    result_.technician_id = technician.id;
    result_.technician_rule = std::move(technician.rule);
    review(technician.reasons);
  }

  void look_up_customer(timing::UtcMs moment) {
    const auto* decision = decided_.now();
    if (decision != nullptr && decision->customer_id) {
      result_.customer_id = decided_.customer();
      result_.terminal_id = decision->terminal_id;
      return;
    }
    if (session_.remote_id_withheld) {
      step("terminal", "unregistered terminal, ID withheld", Mark::fail);
      review(ReviewReason::remote_id_withheld);
      return;
    }
    const auto terminal = find_terminal(session_.remote_id, moment, directory_, result_.steps);
    result_.terminal_id = terminal.terminal_id;
    result_.customer_id = terminal.customer_id;
    if (terminal.reason) review(*terminal.reason);
  }

  void look_up_contract(timing::UtcMs moment) {
    const auto* decision = decided_.now();
    const auto named = decision != nullptr ? decision->contract_id : std::nullopt;
    const auto coverages = weigh_contracts(*result_.customer_id, moment, named, directory_);
    if (named) decided_.tell_contract(coverages);
    tell(coverages, result_.steps);
    if (const auto* coverage = chosen(coverages)) result_.contract_id = coverage->contract->id;
    if (!result_.contract_id) review(ReviewReason::no_contract);
  }

  // What people decided beyond whose session it was.
  void apply_decisions() {
    decided_.charge(result_.no_charge, result_.override_min);
    const auto* decision = decided_.now();
    if (decision == nullptr) return;
    if (decision->work_type) {
      decided_.tell_work_type();
      result_.work_type = *decision->work_type;
    }
    if (decision->held) {
      decided_.tell_hold();
      result_.hold = true;
      // Neither the series nor what was accepted before settles it: a person wants a look now.
      if (std::ranges::find(result_.reasons, ReviewReason::hold) == result_.reasons.end())
        result_.reasons.push_back(ReviewReason::hold);
    }
    if (decision->withdrawn) {
      decided_.tell_withdrawal();
      review(ReviewReason::withdrawn);
    }
  }

  void conclude() {
    if (waits_) {
      result_.disposition = Disposition::pending_comment;
      step("result", "waits for its comment", Mark::info);
    } else if (!result_.reasons.empty()) {
      result_.disposition = Disposition::review;
      step("result", "a person must decide", Mark::fail);
    } else {
      result_.disposition = Disposition::ready;
      step("result", "ready to be charged", Mark::pass);
    }
  }

  SessionView session_;  // With the times that people stated.
  const std::optional<CommentView>& comment_;
  const directory::Directory& directory_;
  const Settings& settings_;
  const timing::UtcMs now_;
  bool waits_ = false;
  std::optional<Tags> tags_;
  Attribution result_;
  DecidedCase decided_;
};

}  // namespace

std::string_view to_string(Disposition disposition) {
  switch (disposition) {
    case Disposition::ready: return "ready";
    case Disposition::review: return "review";
    case Disposition::pending_comment: return "pending_comment";
  }
  return "review";
}

Attribution attribute(const SessionView& session, const std::optional<CommentView>& comment,
                      const directory::Directory& directory, const Settings& settings, timing::UtcMs now,
                      const Decisions& decisions) {
  return Case{session, comment, directory, settings, now, decisions}.decide();
}

}  // namespace collector::attribution
