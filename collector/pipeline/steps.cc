#include "collector/pipeline/steps.h"

namespace collector::pipeline {

base::Result<std::int64_t> carry_out(Step step, store::Transaction& tx, const directory::Directory& directory,
                                     const Settings& settings, const store::StartOfDay& start_of_day,
                                     timing::UtcMs now) {
  switch (step) {
    case Step::assemble: return assemble(tx);
    case Step::attribute: return attribute(tx, directory, settings, now);
    case Step::rate: return rate(tx, directory, now);
    case Step::adjust: return adjust(tx, directory, settings, now);
    case Step::post: return post(tx, directory, settings, start_of_day, now);
    case Step::compose_mails: return compose_mails(tx, directory, settings, now);
    case Step::none: break;
  }
  return 0;
}

base::Status bring_up_to_date(store::Transaction& tx, const Settings& settings,
                              const store::StartOfDay& start_of_day, timing::UtcMs now) {
  const auto directory = store::load_directory(tx, start_of_day);
  if (!directory) return std::unexpected{directory.error()};
  auto after = Step::none;
  while (true) {
    const auto step = next_step(tx, settings, now, after);
    if (!step) return std::unexpected{step.error()};
    if (*step == Step::none || *step >= Step::compose_mails) return {};
    const auto rows = carry_out(*step, tx, *directory, settings, start_of_day, now);
    if (!rows) return std::unexpected{rows.error()};
    // Who had something to do and did nothing would do nothing again.
    after = *rows == 0 ? *step : Step::none;
  }
}

}  // namespace collector::pipeline
