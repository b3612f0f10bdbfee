#include "collector/pipeline/charge_inputs.h"

#include <algorithm>

#include "collector/pipeline/kept_json.h"

namespace collector::pipeline {

namespace json = boost::json;

namespace {

constexpr std::chrono::days kToSpare{2};

timing::UtcMs end_of(const std::vector<rating::Stretch>& stretches, std::int64_t laid_min) {
  timing::UtcMs end{};
  for (const auto& one : stretches) end = std::max(end, one.begin + std::chrono::seconds{one.seconds});
  return end + std::chrono::minutes{laid_min};
}

json::array stretches_to_json(const std::vector<rating::Stretch>& stretches) {
  json::array list;
  for (const auto& one : stretches)
    list.push_back(json::object{{"begin_ms", timing::to_ms(one.begin)}, {"seconds", one.seconds}});
  return list;
}

json::object group_to_json(const RatedTogether& group) {
  json::object one{{"stretches", stretches_to_json(group.stretches)},
                   {"work_type", group.work_type},
                   {"grade", group.grade}};
  if (group.adjustments.no_charge) one["no_charge"] = true;
  if (group.adjustments.override_min) one["override_min"] = *group.adjustments.override_min;
  return one;
}

RatedTogether group_from(const json::object& one) {
  RatedTogether group;
  for (const auto& each : one.at("stretches").as_array()) {
    const auto& stretch = each.as_object();
    group.stretches.push_back({.begin = timing::from_ms(stretch.at("begin_ms").as_int64()),
                               .seconds = stretch.at("seconds").as_int64()});
  }
  group.work_type = text_of(one.at("work_type"));
  group.grade = text_of(one.at("grade"));
  if (const auto* const no_charge = one.if_contains("no_charge"))
    group.adjustments.no_charge = no_charge->as_bool();
  if (const auto* const stated = one.if_contains("override_min"))
    group.adjustments.override_min = stated->as_int64();
  return group;
}

json::object calendar_to_json(const rating::Calendar& calendar) {
  json::array offsets;
  for (const auto& one : calendar.offsets)
    offsets.push_back(json::object{{"from_ms", timing::to_ms(one.from)}, {"seconds", one.seconds}});
  return {{"offsets", std::move(offsets)}, {"holidays", json::value_from(calendar.holidays)}};
}

rating::Calendar calendar_from(const json::object& one) {
  rating::Calendar calendar{.offsets = {}, .holidays = {}};
  for (const auto& each : one.at("offsets").as_array()) {
    const auto& offset = each.as_object();
    calendar.offsets.push_back({.from = timing::from_ms(offset.at("from_ms").as_int64()),
                                .seconds = offset.at("seconds").as_int64()});
  }
  if (calendar.offsets.empty()) throw std::invalid_argument{"a calendar without a clock"};
  calendar.holidays = json::value_to<std::vector<std::int32_t>>(one.at("holidays"));
  return calendar;
}

ChargeInputs inputs_from(const json::object& all) {
  ChargeInputs inputs;
  inputs.currency = text_of(all.at("currency"));
  for (const auto& group : all.at("rated_together").as_array())
    inputs.groups.push_back(group_from(group.as_object()));
  if (const auto* const calendar = all.if_contains("calendar"))
    inputs.calendar = calendar_from(calendar->as_object());
  return inputs;
}

}  // namespace

WorkedOut work_out(const rating::Rule& rule, const ChargeInputs& inputs, const rating::Calendar* calendar) {
  WorkedOut all;
  auto in_force = rule;
  for (const auto& group : inputs.groups) {
    const rating::Input input{.stretches = group.stretches,
                              .adjustments = group.adjustments,
                              .work_type = group.work_type,
                              .grade = group.grade,
                              .calendar = calendar};
    const auto rated = rating::rate(in_force, input);
    if (!rated) {
      all.refusal = rated.error().message;
      continue;
    }
    all.minutes += rated->minutes;
    all.amount += rated->amount;
    all.reach = std::max(all.reach, end_of(group.stretches, rated->laid_min));
    const auto told = rating::explain(in_force, input, *rated, inputs.currency);
    all.steps.insert(all.steps.end(), told.begin(), told.end());
    // One fee, however many groups.
    if (rated->minutes > 0) in_force.base_fee = 0;
  }
  return all;
}

rating::Calendar around(const rating::Calendar& calendar, timing::UtcMs from, timing::UtcMs to) {
  from -= kToSpare;
  to += kToSpare;
  rating::Calendar part{.offsets = {}, .holidays = {}};
  const auto next = std::ranges::upper_bound(calendar.offsets, from, {}, &rating::Offset::from);
  const auto first = next == calendar.offsets.begin() ? next : next - 1;
  const auto last = std::find_if(first + 1, calendar.offsets.end(),
                                 [&](const rating::Offset& one) { return one.from > to; });
  part.offsets.assign(first, last);
  const auto day_of = [](timing::UtcMs moment) {
    return std::chrono::floor<std::chrono::days>(moment).time_since_epoch().count();
  };
  const auto begin = std::ranges::lower_bound(calendar.holidays, day_of(from));
  const auto end = std::ranges::upper_bound(calendar.holidays, day_of(to));
  part.holidays.assign(begin, std::max(begin, end));
  return part;
}

std::string to_json(const ChargeInputs& inputs) {
  json::array groups;
  for (const auto& group : inputs.groups) groups.push_back(group_to_json(group));
  json::object all{{"currency", inputs.currency}, {"rated_together", std::move(groups)}};
  if (inputs.calendar) all["calendar"] = calendar_to_json(*inputs.calendar);
  return json::serialize(all);
}

base::Result<ChargeInputs> charge_inputs_from(const std::string& text) {
  return read_kept("the inputs of a charge", text, inputs_from);
}

}  // namespace collector::pipeline
