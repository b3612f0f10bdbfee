// Any bytes as a rule that a person hands in: as JSON, as a template's file, as one field on a command line.
// Nothing crashes; what is taken can be rated by, is the same when it is written and read again, and what is
// refused says why.
//
// The first byte says as which of them the bytes are read.

#include <string>

#include "collector/rating/rate.h"
#include "collector/rule_text/rule_text.h"
#include "collector/rule_text/set_field.h"
#include "collector/rule_text/template_text.h"
#include "tests/fuzz/input.h"

namespace {

using fuzz::require;
using namespace collector::rule_text;
namespace rating = collector::rating;

enum class Part { rule, weights, file, field, kinds };

template <class T>
bool taken(const base::Result<T>& result) {
  if (result) return true;
  require(result.error().code == base::ErrorCode::invalid_argument && !result.error().message.empty());
  return false;
}

void expect_sound(const rating::Rule& rule) {
  require(rating::check(rule).has_value());
  require(read_rule(rule_text(rule)) == rule);
  const rating::Calendar calendar;
  for (const std::int64_t seconds : {0, 1, 30, 31, 659, 660, 3'600, 86'400}) {
    const rating::Stretch stretch{.begin = timing::from_ms(1'800'000'000'000), .seconds = seconds};
    const auto rated = rating::rate(
        rule, {.stretches = {&stretch, 1}, .work_type = "remote", .grade = "senior", .calendar = &calendar});
    require(rated && rated->minutes >= 0 && rated->amount >= 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const auto part = static_cast<Part>(input.number(1) % static_cast<unsigned>(Part::kinds));
  const auto text = input.rest();
  switch (part) {
    case Part::rule: {
      const auto rule = read_rule(text);
      if (taken(rule)) expect_sound(*rule);
      break;
    }
    case Part::weights: {
      const auto rule = with_weights({}, text);
      if (taken(rule)) expect_sound(*rule);
      break;
    }
    case Part::file: {
      const auto file = read_template(text);
      if (!taken(file)) break;
      expect_sound(file->rule);
      const auto again = read_template(template_text(*file));
      require(again && again->name == file->name && again->version == file->version &&
              again->rule == file->rule);
      break;
    }
    default: {
      rating::Rule rule;
      if (!taken(set_field(rule, text)) || !rating::check(rule)) break;
      expect_sound(rule);
      rating::Rule again;
      for (const auto& [name, value] : fields_of(rule))
        require(set_field(again, name + "=" + value).has_value());
      require(again == rule);
    }
  }
  return 0;
}
