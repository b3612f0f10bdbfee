#include "collector/attribution/decided_case.h"

#include <algorithm>

namespace collector::attribution {

namespace {

template <class Row>
std::string name_in(const std::vector<Row>& rows, std::int64_t id, const char* noun) {
  const auto at = std::ranges::find(rows, id, &Row::id);
  return at == rows.end() ? std::string{noun} + " " + std::to_string(id) : at->name;
}

bool contains(const std::vector<ReviewReason>& reasons, ReviewReason reason) {
  return std::ranges::find(reasons, reason) != reasons.end();
}

}  // namespace

template <class T>
void DecidedCase::step(T Decision::* field, const std::string& what, Mark mark) {
  const auto& decision = decided_by(
      decisions_, [&](const Decision& one) { return one.*field == decisions_.history.back().*field; });
  steps_.push_back({.what = "decision", .detail = decided_text(decision, what), .mark = mark});
}

SessionView DecidedCase::with_times(const SessionView& session) {
  auto view = session;
  if (now() == nullptr) return view;
  if (now()->started && !view.started) {
    view.started = now()->started;
    stated_times_ = true;
    step(&Decision::started, "it started at " + moment_text(*view.started));
  }
  const bool no_end = !view.ended || (view.started && *view.ended < *view.started);
  if (now()->ended && no_end) {
    view.ended = now()->ended;
    view.duration_boot_ms.reset();  // It measured another end.
    stated_times_ = true;
    step(&Decision::ended, "it ended at " + moment_text(*view.ended));
  }
  return view;
}

void DecidedCase::charge(bool& no_charge, std::optional<std::int64_t>& override_min) {
  if (now() == nullptr) return;
  if (now()->charge_min) {
    no_charge = false;
    override_min = now()->charge_min;
    step(&Decision::charge_min, "charge " + std::to_string(*override_min) + " min");
  } else if (now()->no_charge) {
    no_charge = *now()->no_charge;
    if (no_charge) override_min.reset();
    step(&Decision::no_charge, no_charge ? "no charge" : "it is charged");
  }
}

std::optional<std::int64_t> DecidedCase::technician() {
  if (now() == nullptr || !now()->technician_id) return std::nullopt;
  step(&Decision::technician_id,
       "the technician is " + name_in(directory_.technicians, *now()->technician_id, "technician"));
  return now()->technician_id;
}

std::int64_t DecidedCase::customer() {
  step(&Decision::customer_id,
       "the customer is " + name_in(directory_.customers, *now()->customer_id, "customer"));
  return *now()->customer_id;
}

void DecidedCase::tell_contract(const std::vector<Coverage>& coverages) {
  const auto id = *now()->contract_id;
  const auto name = "the contract is '" + name_in(directory_.contracts, id, "contract") + "'";
  const auto at =
      std::ranges::find_if(coverages, [&](const Coverage& one) { return one.contract->id == id; });
  if (at == coverages.end()) {
    step(&Decision::contract_id, name + ", but it is not this customer's", Mark::fail);
  } else if (!at->covers()) {
    step(&Decision::contract_id, name + ", but it was not in force on that day", Mark::fail);
  } else {
    step(&Decision::contract_id, name);
  }
}

void DecidedCase::tell_comment() {
  step(&Decision::comment, "another comment stands in place of the technician's");
}

void DecidedCase::tell_hold() {
  step(&Decision::held, "hold it for review", Mark::fail);
}

void DecidedCase::tell_withdrawal() {
  step(&Decision::withdrawn, "it is withdrawn", Mark::fail);
}

void DecidedCase::tell_work_type() {
  step(&Decision::work_type, "the work was of the kind '" + *now()->work_type + "'");
}

bool DecidedCase::settles(ReviewReason reason, bool duration_known) {
  using enum ReviewReason;
  if (reason == hold && decisions_.series_id) {
    steps_.push_back(
        {.what = "series",
         .detail = "it was held (~) until it joined series " + std::to_string(*decisions_.series_id),
         .mark = Mark::pass});
    return true;
  }
  if (now() == nullptr) return false;
  const bool charge_decided = now()->charge_min || now()->no_charge;
  if (charge_decided && (reason == contradicting_tags || reason == bad_override)) return true;
  if (now()->technician_id && reason == ambiguous_number) return true;
  if (stated_times_ && duration_known &&
      (reason == no_end_seen || reason == partial_capture || reason == clock_went_backwards)) {
    return true;
  }
  if (!contains(now()->released, reason) || !can_be_accepted(reason, duration_known)) return false;
  const auto& decision =
      decided_by(decisions_, [&](const Decision& one) { return contains(one.released, reason); });
  steps_.push_back({.what = "decision", .detail = accepted_text(decision, reason), .mark = Mark::pass});
  return true;
}

}  // namespace collector::attribution
