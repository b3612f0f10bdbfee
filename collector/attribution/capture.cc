#include "collector/attribution/capture.h"

#include <algorithm>

namespace collector::attribution {

std::string_view to_string(Witness witness) {
  switch (witness) {
    case Witness::service: return "service";
    case Witness::window: return "window";
    case Witness::other: return "other";
  }
  return "other";
}

std::string_view to_string(Doubt doubt) {
  switch (doubt) {
    case Doubt::remote_id_typed: return "remote_id_typed";
    case Doubt::pairing: return "pairing";
    case Doubt::kind: return "kind";
    case Doubt::other: return "other";
  }
  return "other";
}

std::string_view to_string(AbandonCause cause) {
  switch (cause) {
    case AbandonCause::unknown: return "";
    case AbandonCause::crash: return "crash";
    case AbandonCause::kill: return "kill";
    case AbandonCause::power: return "power";
    case AbandonCause::log_off: return "log_off";
    case AbandonCause::replaced: return "replaced";
  }
  return "";
}

Witness witness_from(std::string_view word) {
  for (const auto witness : {Witness::service, Witness::window}) {
    if (to_string(witness) == word) return witness;
  }
  return Witness::other;
}

AbandonCause abandon_cause_from(std::string_view word) {
  for (const auto cause : {AbandonCause::crash, AbandonCause::kill, AbandonCause::power,
                           AbandonCause::log_off, AbandonCause::replaced}) {
    if (to_string(cause) == word) return cause;
  }
  return AbandonCause::unknown;
}

std::vector<Doubt> doubts_from(std::string_view words) {
  std::vector<Doubt> doubts;
  while (!words.empty()) {
    const auto comma = std::min(words.find(','), words.size());
    const auto word = words.substr(0, comma);
    words.remove_prefix(std::min(comma + 1, words.size()));
    auto found = Doubt::other;
    for (const auto doubt : {Doubt::remote_id_typed, Doubt::pairing, Doubt::kind}) {
      if (to_string(doubt) == word) found = doubt;
    }
    doubts.push_back(found);
  }
  return doubts;
}

std::string_view in_words(Witness witness) {
  switch (witness) {
    case Witness::service: return "AnyDesk's service";
    case Witness::window: return "AnyDesk's window";
    case Witness::other: return "AnyDesk";
  }
  return "AnyDesk";
}

std::string_view in_words(Doubt doubt) {
  switch (doubt) {
    case Doubt::remote_id_typed: return "the remote ID is what was typed";
    case Doubt::pairing: return "several tabs were open";
    case Doubt::kind: return "its kind was not told";
    case Doubt::other: return "something this version does not know";
  }
  return "something this version does not know";
}

std::string in_words(AbandonCause cause, Witness witness, const std::optional<timing::UtcMs>& last_seen) {
  const std::string process{in_words(witness)};
  std::string text;
  switch (cause) {
    case AbandonCause::unknown: break;
    case AbandonCause::crash: text = process + " crashed"; break;
    case AbandonCause::kill: text = process + " was killed"; break;
    case AbandonCause::power: text = "the machine went off, or started again, without a shutdown"; break;
    case AbandonCause::log_off: text = "the user logged off"; break;
    case AbandonCause::replaced: text = process + " was started again"; break;
  }
  if (last_seen) text += (text.empty() ? "" : "; ") + ("last proof of life " + moment_text(*last_seen));
  return text;
}

std::string moment_text(timing::UtcMs moment) {
  auto text = timing::to_rfc3339(moment).substr(0, 19);
  std::ranges::replace(text, 'T', ' ');
  return text + " UTC";
}

}  // namespace collector::attribution
