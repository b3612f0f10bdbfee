// What a person may do to rating templates and calendars of holidays.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "collector/actions/actor.h"
#include "collector/directory/nouns.h"
#include "collector/rule_text/template_text.h"

namespace collector::actions {

// What the chain of changes says of one version.
std::string noted_text(const directory::Template& version);

struct TemplateChange {
  std::optional<directory::Template>
      before;                 // The version that was the newest; absent: it is a new template.
  directory::Template after;  // The newest now; the same version if nothing differs.
};

// Makes a version of the template, or the template, and notes it; if nothing differs from the newest version
// it does neither. invalid_argument for a rule that cannot be applied or terms that no contract can have,
// naming the field, and for a name that is empty, too long or has blanks around it; conflict if `text` says
// which version was edited and there is a newer.
[[nodiscard]] base::Result<TemplateChange> set_template(store::Transaction& tx, const Actor& actor,
                                                        const rule_text::TemplateText& text);

// The same for a name that is not taken yet; conflict if it is.
[[nodiscard]] base::Result<TemplateChange> new_template(store::Transaction& tx, const Actor& actor,
                                                        const rule_text::TemplateText& text);

// Takes a day out of a calendar and notes it; not_found, naming both, if it is not in there. A calendar
// whose last day is gone has no holidays. What was charged stays.
[[nodiscard]] base::Status remove_holiday(store::Transaction& tx, const Actor& actor,
                                          const std::string& calendar, std::chrono::year_month_day day);

}  // namespace collector::actions
