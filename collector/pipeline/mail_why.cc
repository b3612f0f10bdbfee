#include "collector/pipeline/mail_why.h"

#include <boost/json.hpp>

namespace collector::pipeline {

namespace json = boost::json;

std::vector<mail::ChargeStep> charge_steps(std::string_view steps) {
  boost::system::error_code error;
  const auto read = json::parse(steps, error);
  const auto* list = error ? nullptr : read.if_array();
  std::vector<mail::ChargeStep> all;
  if (list == nullptr) return all;
  for (const auto& one : *list) {
    const auto* object = one.if_object();
    const auto* what = object == nullptr ? nullptr : object->if_contains("what");
    if (what == nullptr || !what->is_string()) continue;
    mail::ChargeStep step{.what = std::string{what->get_string()}, .minutes = {}};
    const auto* minutes = object->if_contains("minutes");
    if (minutes != nullptr && minutes->is_int64()) step.minutes = minutes->get_int64();
    all.push_back(std::move(step));
  }
  return all;
}

}  // namespace collector::pipeline
