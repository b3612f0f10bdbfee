#include "collector/pipeline/rating_unit.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "collector/directory/rule_at.h"
#include "collector/pipeline/charge_inputs.h"
#include "collector/pipeline/explanation.h"
#include "collector/pipeline/session_view.h"
#include "collector/rating/rate.h"
#include "collector/store/series.h"
#include "common/timing/zone.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

// What captured sessions are for a rule that weighs kinds of work.
constexpr const char* kRemoteWork = "remote";

const directory::Contract* contract_of(const directory::Directory& directory,
                                       const store::AttributionRow& attribution) {
  if (!attribution.contract_id) return nullptr;
  // They are in order of their ids, and as many as there are customers.
  const auto found =
      std::ranges::lower_bound(directory.contracts, *attribution.contract_id, {}, &directory::Contract::id);
  return found == directory.contracts.end() || found->id != *attribution.contract_id ? nullptr : &*found;
}

std::string grade_of(const directory::Directory& directory, std::optional<std::int64_t> technician_id) {
  const auto found = std::ranges::find_if(
      directory.technicians, [&](const directory::Technician& one) { return one.id == technician_id; });
  return found == directory.technicians.end() ? "" : found->grade;
}

bool is_ready(const store::AttributionRow& attribution, const store::SessionRow& session) {
  return attribution.disposition == "ready" && attribution.session_revision == session.revision;
}

// When it began and how long it was, as far as that is known.
base::Result<rating::Stretch> stretch_of(const Part& part) {
  const auto view = view_of(part.session, part.attribution);
  if (!view) return std::unexpected{view.error()};
  const auto seconds = attribution::duration_s(*view);
  if (!seconds || !view->started) {
    return fail(ErrorCode::internal,
                "session " + std::to_string(part.session.id) + " is ready without a duration");
  }
  return rating::Stretch{.begin = *view->started, .seconds = part.seconds.value_or(*seconds)};
}

// "4" of "r4".
std::int64_t number_behind(const std::string& subject) {
  std::int64_t number = 0;
  std::from_chars(subject.data() + 1, subject.data() + subject.size(), number);
  return number;
}

// The unit that the session is in, or would come into: of the one called `name`, or of those that follow when
// what is billed holds it.
base::Result<std::string> unbilled_unit(store::Transaction& tx, const std::string& name,
                                        std::int64_t session_id) {
  auto subject = name;
  for (int number = 2;; ++number) {
    const auto charge = store::newest_charge(tx, subject);
    if (!charge) return std::unexpected{charge.error()};
    if (!*charge || std::ranges::count((*charge)->parts, session_id, &store::ChargePart::session_id) > 0) {
      return subject;
    }
    const auto document = store::charge_billed_with(tx, (*charge)->id);
    if (!document) return std::unexpected{document.error()};
    if (!*document) return subject;
    subject = name + "+" + std::to_string(number);
  }
}

}  // namespace

base::Result<std::optional<Part>> part_of(store::Transaction& tx, std::int64_t session_id) {
  auto found = store::attribution_in_force(tx, session_id);
  if (!found) return std::unexpected{found.error()};
  if (!*found) return std::nullopt;
  return Part{.session = std::move((*found)->session),
              .attribution = std::move((*found)->attribution),
              .may_be_in_series = (*found)->in_series};
}

base::Result<std::string> unit_of(store::Transaction& tx, const Part& part,
                                  const directory::Directory& directory) {
  const auto& session = part.session;
  const auto& attribution = part.attribution;
  if (part.may_be_in_series) {
    const auto series = store::series_of(tx, session.id);
    if (!series) return std::unexpected{series.error()};
    if (*series) return "r" + std::to_string((*series)->id);
  }
  const auto* contract = contract_of(directory, attribution);
  const auto alone = "s" + std::to_string(session.id);
  if (contract == nullptr || !is_ready(attribution, session)) return alone;
  const auto view = view_of(session, attribution);
  if (!view) return std::unexpected{view.error()};
  const auto began = view->started.value_or(timing::UtcMs{});
  if (directory::rule_at(*contract, began).rule->round_group != rating::RoundGroup::day) return alone;
  const auto local = timing::local_text(began, contract->time_zone);
  if (!local) return std::unexpected{local.error()};
  return unbilled_unit(tx, "d" + std::to_string(contract->id) + "/" + local->substr(0, 10), session.id);
}

base::Result<std::vector<Part>> parts_of(store::Transaction& tx, const std::string& subject,
                                         const std::optional<store::ChargeRow>& before, const Part& at_hand,
                                         const std::string& its_unit, const directory::Directory& directory) {
  std::set<std::int64_t> ids{at_hand.session.id};
  if (before) {
    for (const auto& part : before->parts) ids.insert(part.session_id);
  }
  const bool is_series = subject.starts_with('r');
  if (is_series) {
    const auto members = store::members_of(tx, number_behind(subject));
    if (!members) return std::unexpected{members.error()};
    for (const auto& member : *members) ids.insert(member.id);
  }
  std::vector<std::pair<timing::UtcMs, Part>> parts;
  for (const auto id : ids) {
    const bool known = id == at_hand.session.id;
    auto part = known ? base::Result<std::optional<Part>>{at_hand} : part_of(tx, id);
    if (!part) return std::unexpected{part.error()};
    if (!*part) continue;
    const auto unit = known ? its_unit : unit_of(tx, **part, directory);
    if (!unit) return std::unexpected{unit.error()};
    if (*unit != subject) continue;
    if (!is_ready((*part)->attribution, (*part)->session)) {
      if (is_series) return std::vector<Part>{};
      continue;
    }
    const auto stretch = stretch_of(**part);
    if (!stretch) return std::unexpected{stretch.error()};
    parts.emplace_back(stretch->begin, std::move(**part));
  }
  std::ranges::sort(parts, {}, [](const auto& one) {
    return std::tuple{one.first, std::string_view{one.second.session.session_key}, one.second.session.id};
  });
  std::vector<Part> all;
  for (auto& [begin, part] : parts) all.push_back(std::move(part));
  return all;
}

base::Result<store::ChargeRow> charge_for(const std::string& subject, const std::vector<Part>& parts,
                                          const directory::Directory& directory, Calendars& calendars,
                                          timing::UtcMs now, std::int64_t newest_rerating) {
  const auto& first = parts.front();
  const auto what = "session " + std::to_string(first.session.id);
  const auto* contract = contract_of(directory, first.attribution);
  if (contract == nullptr) return fail(ErrorCode::internal, what + " is ready without a contract");
  store::ChargeRow row;
  row.subject = subject;
  row.customer_id = contract->customer_id;
  row.contract_id = contract->id;
  row.rating_version = rating::kRatingVersion;
  row.tie = first.session.session_key;
  row.session_id = first.session.id;
  row.created = now;
  const auto first_stretch = stretch_of(first);
  if (!first_stretch) return std::unexpected{first_stretch.error()};
  row.at = first_stretch->begin;
  const auto agreed = directory::rule_at(*contract, row.at, newest_rerating);
  row.template_id = agreed.template_id;
  row.rerating_id = agreed.rerating_id;
  const auto calendar = calendars.of(*contract, *agreed.rule, row.at);
  if (!calendar) return fail("rating " + what, calendar.error());

  // Those that are rated together, in order of the first of each, behind those that are rated alone.
  ChargeInputs inputs{.currency = contract->terms.currency, .groups = {}, .calendar = {}};
  std::vector<RatedTogether> together;
  for (const auto& part : parts) {
    const auto& attribution = part.attribution;
    const auto stretch = stretch_of(part);
    if (!stretch) return std::unexpected{stretch.error()};
    row.seconds += stretch->seconds;
    row.parts.push_back(
        {.session_id = part.session.id, .attribution_id = attribution.id, .seconds = stretch->seconds});
    RatedTogether one{
        .stretches = {*stretch},
        .adjustments = {.no_charge = attribution.no_charge, .override_min = attribution.override_min},
        .work_type = attribution.work_type.empty() ? kRemoteWork : attribution.work_type,
        .grade = grade_of(directory, attribution.technician_id)};
    const bool alone = agreed.rule->round_group == rating::RoundGroup::session;
    if (alone || attribution.no_charge || attribution.override_min) {
      inputs.groups.push_back(std::move(one));
      continue;
    }
    const auto known = std::ranges::find_if(together, [&](const RatedTogether& group) {
      return group.work_type == one.work_type && group.grade == one.grade;
    });
    if (known == together.end()) {
      together.push_back(std::move(one));
    } else {
      known->stretches.push_back(*stretch);
    }
  }
  std::ranges::move(together, std::back_inserter(inputs.groups));
  const auto worked = work_out(*agreed.rule, inputs, *calendar);
  if (worked.refusal) {
    // One bad unit must become one that a person sees, not an error that keeps all others from being charged.
    row.rating_version = rating::kNotRated;
    const rating::Step why{.what = "not rated", .detail = *worked.refusal, .minutes_so_far = {}};
    row.steps = steps_to_json(std::vector{why});
    return row;
  }
  if (*calendar != nullptr) inputs.calendar = around(**calendar, row.at, worked.reach);
  row.minutes = worked.minutes;
  row.amount = worked.amount;
  row.steps = steps_to_json(worked.steps);
  row.inputs = to_json(inputs);
  return row;
}

}  // namespace collector::pipeline
