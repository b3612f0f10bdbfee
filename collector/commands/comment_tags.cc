#include "collector/commands/comment_tags.h"

#include <boost/json.hpp>
#include <optional>

#include "collector/attribution/tags.h"

namespace collector::commands {

namespace {

namespace json = boost::json;
using namespace attribution;

constexpr int kExitOk = 0;
constexpr int kExitUsage = 2;

std::optional<TagSettings> settings_of(const CommentTagsOptions& options, std::ostream& err) {
  TagSettings settings;
  if (options.tag_match == "anywhere") {
    settings.tag_match = TagMatch::anywhere;
  } else if (options.tag_match != "token") {
    err << "comment-tags: tag match is '" << options.tag_match << "'; it may be token or anywhere\n";
    return std::nullopt;
  }
  if (options.lead_number == "seed") {
    settings.lead_number = LeadNumber::seed;
  } else if (options.lead_number != "strict") {
    err << "comment-tags: lead number is '" << options.lead_number << "'; it may be strict or seed\n";
    return std::nullopt;
  }
  return settings;
}

json::value number_or_null(const std::optional<std::int64_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object to_json(const Tags& tags) {
  json::array review;
  for (const auto reason : tags.reasons) {
    review.push_back(json::object{{"code", to_string(reason)}, {"sentence", explain(reason)}});
  }
  return {{"technician", number_or_null(tags.technician_number)},
          {"flags", json::object{{"hold", tags.hold}, {"no_charge", tags.no_charge}}},
          {"override", number_or_null(tags.override_min)},
          {"text", tags.text},
          {"review", std::move(review)},
          {"hints", json::array(tags.hints.begin(), tags.hints.end())}};
}

void print(const Tags& tags, std::ostream& out) {
  out << "text:        " << tags.text << '\n';
  if (tags.technician_number) out << "technician:  " << *tags.technician_number << '\n';
  if (tags.hold) out << "hold:        yes (~)\n";
  if (tags.no_charge) out << "no charge:   yes (#)\n";
  if (tags.override_min) out << "charge:      " << *tags.override_min << " min\n";
  for (const auto reason : tags.reasons) out << "review:      " << explain(reason) << '\n';
  for (const auto& hint : tags.hints) out << "hint:        " << hint << '\n';
}

}  // namespace

int run_comment_tags(const CommentTagsOptions& options, std::ostream& out, std::ostream& err) {
  const auto settings = settings_of(options, err);
  if (!settings) return kExitUsage;
  const auto tags = parse_comment(options.text, *settings);
  if (options.json) {
    out << json::serialize(to_json(tags)) << '\n';
  } else {
    print(tags, out);
  }
  return kExitOk;
}

}  // namespace collector::commands
