#include "tests/collector/attribution/case_rules.h"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "collector/pipeline/calendars.h"
#include "collector/rating/templates.h"
#include "collector/rating/words.h"

namespace cases {

namespace {

using namespace collector;

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error{result.error().message};
  return *std::move(result);
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(", ", at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return parts;
}

// "10:00" of minutes and seconds.
std::int64_t seconds_in(const std::string& text) {
  return std::stoll(text) * 60 + std::stoll(text.substr(text.find(':') + 1));
}

// "60.00" in cents.
std::int64_t cents_in(const std::string& text) {
  return std::stoll(text) * 100 + std::stoll(text.substr(text.find('.') + 1));
}

// How a part of a template is written, and what it sets.
struct Sentence {
  std::regex form;
  void (*set)(const std::smatch&, rating::Rule&);
};

const std::vector<Sentence>& sentences() {
  using rating::Rule;
  static const std::vector<Sentence> all{
      {std::regex{R"(free (\d+:\d\d))"}, [](const auto& m, Rule& r) { r.free_s = seconds_in(m[1]); }},
      {std::regex{R"(first block (\d+:\d\d))"},
       [](const auto& m, Rule& r) { r.first_block_s = seconds_in(m[1]); }},
      {std::regex{R"(grace (\d+:\d\d))"}, [](const auto& m, Rule& r) { r.grace_s = seconds_in(m[1]); }},
      {std::regex{R"(then blocks of (\d+:\d\d))"},
       [](const auto& m, Rule& r) { r.increment_s = seconds_in(m[1]); }},
      {std::regex{R"(minimum (\d+) min)"},
       [](const auto& m, Rule& r) { r.min_charge_min = std::stoll(m[1]); }},
      {std::regex{R"(cap (\d+) min)"}, [](const auto& m, Rule& r) { r.max_charge_min = std::stoll(m[1]); }},
      {std::regex{R"(rated by (session|series|day))"},
       [](const auto& m, Rule& r) { r.round_group = rating::round_group_from(m[1].str()).value(); }},
      {std::regex{R"(grade (\w+) x([\d.]+))"},
       [](const auto& m, Rule& r) { r.grades[m[1]] = rating::weight_from(m[2].str()).value(); }},
      {std::regex{R"(work (\w+) x([\d.]+))"},
       [](const auto& m, Rule& r) { r.work_types[m[1]] = rating::weight_from(m[2].str()).value(); }},
      {std::regex{R"((\d+\.\d\d) an hour)"},
       [](const auto& m, Rule& r) { r.rate_per_hour = cents_in(m[1]); }},
      {std::regex{R"((\d+\.\d\d) for the connection)"},
       [](const auto& m, Rule& r) { r.base_fee = cents_in(m[1]); }},
      {std::regex{R"(band (\w+) (.+))"},
       [](const auto& m, Rule& r) { r.bands.push_back(must(rating::band_from(m[1], m[2].str()))); }},
  };
  return all;
}

void read_template(const std::string& name, const std::string& text, Templates& templates) {
  const auto parts = parts_of(text);
  auto rule = rule_named(templates, parts.front());
  for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
    std::smatch m;
    const auto sentence = std::ranges::find_if(
        sentences(), [&](const Sentence& one) { return std::regex_match(*part, m, one.form); });
    if (sentence == sentences().end()) throw std::runtime_error{"no rule says '" + *part + "'"};
    sentence->set(m, rule);
  }
  if (const auto ok = rating::check(rule); !ok) throw std::runtime_error{ok.error().message};
  templates[name] = rule;
}

void read_calendar(const std::string& name, const std::string& text, directory::Directory& directory) {
  static const std::regex form{R"((\d{4})-(\d\d)-(\d\d) (.+))"};
  auto& calendar = directory.calendars.emplace_back();
  calendar.name = name;
  for (const auto& part : parts_of(text)) {
    std::smatch m;
    if (!std::regex_match(part, m, form)) throw std::runtime_error{"'" + part + "' is no holiday"};
    const std::chrono::year_month_day day{std::chrono::year{std::stoi(m[1])} / std::stoi(m[2]) /
                                          std::stoi(m[3])};
    calendar.holidays.push_back({.day = day, .name = m[4]});
  }
}

}  // namespace

bool read_rule_sentence(const std::string& line, Templates& templates, directory::Directory& directory) {
  static const std::regex form{R"((Template|Calendar) (\w+): (.+))"};
  std::smatch m;
  if (!std::regex_match(line, m, form)) return false;
  if (m[1] == "Template") {
    read_template(m[2], m[3], templates);
  } else {
    read_calendar(m[2], m[3], directory);
  }
  return true;
}

rating::Rule rule_named(const Templates& templates, const std::string& name) {
  const auto found = templates.find(name);
  return found == templates.end() ? must(rating::built_in_template(name)).rule : found->second;
}

Charge charge_of(const directory::Directory& directory, const attribution::SessionView& session,
                 const attribution::Attribution& attribution, const std::string& work_type) {
  const auto& contract =
      *std::ranges::find(directory.contracts, attribution.contract_id.value(), &directory::Contract::id);
  const auto technician = std::ranges::find_if(directory.technicians, [&](const directory::Technician& one) {
    return attribution.technician_id == one.id;
  });
  pipeline::Calendars calendars{directory};
  const rating::Stretch stretch{
      .begin = attribution.stated_start ? *attribution.stated_start : session.started.value(),
      .seconds = attribution.duration_s.value()};
  const rating::Input input{
      .stretches = {&stretch, 1},
      .adjustments = {.no_charge = attribution.no_charge, .override_min = attribution.override_min},
      .work_type = attribution.work_type.empty() ? work_type : attribution.work_type,
      .grade = technician == directory.technicians.end() ? "" : technician->grade,
      .calendar = must(calendars.of(contract, contract.rule, stretch.begin))};
  Charge charge{.rated = must(rating::rate(contract.rule, input)), .steps = {}};
  charge.steps = rating::explain(contract.rule, input, charge.rated);
  return charge;
}

}  // namespace cases
