#include "collector/commands/adjustment_text.h"

#include <boost/json.hpp>

#include "collector/commands/difference_text.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

std::string safe(std::string_view text) {
  return base::cell_text(text, 200);
}

std::string who_text(const std::string& who) {
  return who.empty() ? "the collector" : safe(who);
}

std::string wanted_text(const store::AdjustmentRow& row) {
  if (row.no_charge) return "no charge";
  if (row.override_min) return "charge " + std::to_string(*row.override_min) + " min";
  return "charge by the rule";
}

}  // namespace

std::string adjustment_text(const store::AdjustmentStory& story) {
  const auto& row = story.adjustment;
  auto text = timing::to_rfc3339(row.created) + " " + (row.who.empty() ? "" : safe(row.who) + ": ") +
              safe(row.why) + ": " + wanted_text(row);
  if (row.minutes) text += ", in all " + std::to_string(*row.minutes) + " min";
  if (!row.reasons.empty()) text += ", " + safe(row.reasons);
  if (story.decision) {
    const auto& decision = *story.decision;
    text += "; " + std::string{decision.released ? "released" : "dismissed"} + " by " +
            who_text(decision.who) + " " + timing::to_rfc3339(decision.decided);
    if (!decision.why.empty() && decision.why != row.why) text += " (" + safe(decision.why) + ")";
  } else if (!row.waits) {
    text += "; it costs the same";
  }
  if (!story.posting) return text;
  const auto& posting = *story.posting;
  text += "; posted " + with_sign(posting.minutes) + " min";
  if (posting.entry_id) text += " as entry " + std::to_string(*posting.entry_id);
  return text;
}

json::array adjustments_json(const std::vector<store::AdjustmentStory>& stories) {
  json::array list;
  for (const auto& story : stories) {
    const auto& row = story.adjustment;
    json::object one{{"adjustment", row.id},
                     {"charge", row.charge_id},
                     {"created_utc", timing::to_rfc3339(row.created)},
                     {"who", row.who},
                     {"why", row.why},
                     {"reasons", row.reasons},
                     {"waits", row.waits && !story.decision},
                     {"no_charge", row.no_charge}};
    one["charge_min"] = row.override_min ? json::value(*row.override_min) : json::value(nullptr);
    one["minutes"] = row.minutes ? json::value(*row.minutes) : json::value(nullptr);
    one["decision"] = nullptr;
    one["posted"] = nullptr;
    if (story.decision) {
      one["decision"] = json::object{{"released", story.decision->released},
                                     {"who", story.decision->who},
                                     {"why", story.decision->why},
                                     {"decided_utc", timing::to_rfc3339(story.decision->decided)}};
    }
    if (story.posting) {
      json::object posted{{"minutes", story.posting->minutes}, {"amount", story.posting->amount}};
      posted["entry"] =
          story.posting->entry_id ? json::value(*story.posting->entry_id) : json::value(nullptr);
      one["posted"] = std::move(posted);
    }
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace collector::commands
