#include "collector/pipeline/notice_state.h"

#include "collector/pipeline/kept_json.h"

namespace collector::pipeline {

namespace json = boost::json;

using ledger::Notice;
using ledger::NoticeState;

namespace {

ledger::NoticeKind kind_of(const json::value& value) {
  const auto kind = ledger::notice_kind_from(text_of(value));
  if (!kind) throw std::invalid_argument{kind.error().message};
  return *kind;
}

json::object mark_to_json(const NoticeState::Mark& mark) {
  json::object one{{"kind", ledger::to_string(mark.kind)},
                   {"threshold", mark.threshold},
                   {"armed", mark.armed},
                   {"occasion", mark.occasion}};
  if (mark.passed_by) one["passed_by"] = static_cast<std::int64_t>(*mark.passed_by);
  return one;
}

NoticeState::Mark mark_from(const json::object& one, std::size_t told) {
  NoticeState::Mark mark{.kind = kind_of(one.at("kind")),
                         .threshold = one.at("threshold").as_int64(),
                         .armed = one.at("armed").as_bool(),
                         .occasion = text_of(one.at("occasion")),
                         .passed_by = {}};
  if (const auto* const by = one.if_contains("passed_by")) {
    mark.passed_by = json::value_to<std::size_t>(*by);
    if (*mark.passed_by >= told) throw std::invalid_argument{"a threshold was passed by no notice"};
  }
  return mark;
}

json::object notice_to_json(const Notice& notice) {
  return {{"contract", notice.contract_id},
          {"kind", ledger::to_string(notice.kind)},
          {"threshold", notice.threshold},
          {"occasion", notice.occasion},
          {"at_ms", timing::to_ms(notice.at)},
          {"left", notice.left},
          {"of", notice.of},
          {"unit", notice.unit},
          {"session", number_or_null(notice.session_id)},
          {"over", notice.over}};
}

Notice notice_from(const json::object& one) {
  return {.contract_id = one.at("contract").as_int64(),
          .kind = kind_of(one.at("kind")),
          .threshold = one.at("threshold").as_int64(),
          .occasion = text_of(one.at("occasion")),
          .at = timing::from_ms(one.at("at_ms").as_int64()),
          .left = one.at("left").as_int64(),
          .of = one.at("of").as_int64(),
          .unit = text_of(one.at("unit")),
          .session_id = number_if_any(one.at("session")),
          .over = one.at("over").as_bool()};
}

NoticeState state_from(const json::object& all) {
  NoticeState state;
  state.unit = text_of(all.at("unit"));
  state.time_zone = text_of(all.at("time_zone"));
  state.pot = all.at("pot").as_int64();
  state.bought = all.at("bought").as_int64();
  if (const auto at = number_if_any(all.at("bought_at_ms"))) state.bought_at = timing::from_ms(*at);
  for (const auto& [name, stock] : all.at("lots").as_object()) {
    const auto& one = stock.as_object();
    state.lots[std::string{name}] = {.size = one.at("size").as_int64(), .left = one.at("left").as_int64()};
  }
  for (const auto& notice : all.at("told").as_array()) state.told.push_back(notice_from(notice.as_object()));
  for (const auto& mark : all.at("marks").as_array())
    state.marks.push_back(mark_from(mark.as_object(), state.told.size()));
  return state;
}

}  // namespace

std::string to_json(const NoticeState& state) {
  json::array marks, told;
  for (const auto& mark : state.marks) marks.push_back(mark_to_json(mark));
  for (const auto& notice : state.told) told.push_back(notice_to_json(notice));
  json::object lots;
  for (const auto& [name, stock] : state.lots)
    lots[name] = json::object{{"size", stock.size}, {"left", stock.left}};
  const auto at = state.bought_at ? std::optional{timing::to_ms(*state.bought_at)} : std::nullopt;
  return json::serialize(json::object{{"unit", state.unit},
                                      {"time_zone", state.time_zone},
                                      {"pot", state.pot},
                                      {"bought", state.bought},
                                      {"bought_at_ms", number_or_null(at)},
                                      {"lots", std::move(lots)},
                                      {"told", std::move(told)},
                                      {"marks", std::move(marks)}});
}

base::Result<NoticeState> notice_state_from(const std::string& text) {
  return read_kept("what is known of notices", text, state_from);
}

}  // namespace collector::pipeline
