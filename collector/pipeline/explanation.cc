#include "collector/pipeline/explanation.h"

#include <boost/json.hpp>

namespace collector::pipeline {

namespace json = boost::json;

std::string reasons_to_json(const std::vector<attribution::ReviewReason>& reasons) {
  json::array list;
  for (const auto reason : reasons) list.emplace_back(attribution::to_string(reason));
  return json::serialize(list);
}

std::string steps_to_json(const attribution::Steps& steps, const std::vector<std::string>& hints) {
  json::array list;
  for (const auto& step : steps) {
    json::object one{
        {"what", step.what}, {"detail", step.detail}, {"mark", attribution::to_string(step.mark)}};
    if (!step.condition.empty()) {
      one["condition"] = step.condition;
      one["contract"] = step.contract_id;
    }
    list.push_back(std::move(one));
  }
  for (const auto& hint : hints)
    list.push_back(json::object{{"what", "hint"}, {"detail", hint}, {"mark", "info"}});
  return json::serialize(list);
}

std::string steps_to_json(const std::vector<rating::Step>& steps) {
  json::array list;
  for (const auto& step : steps) {
    json::object one{{"what", step.what}, {"detail", step.detail}};
    one["minutes"] = step.minutes_so_far ? json::value(*step.minutes_so_far) : json::value(nullptr);
    list.push_back(std::move(one));
  }
  return json::serialize(list);
}

}  // namespace collector::pipeline
