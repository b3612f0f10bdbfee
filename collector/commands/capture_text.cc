#include "collector/commands/capture_text.h"

#include <boost/json.hpp>

#include "collector/attribution/capture.h"
#include "collector/rating/duration_text.h"

namespace collector::commands {

namespace json = boost::json;

using attribution::Witness;

std::vector<std::string> capture_notes(const store::SessionRow& session) {
  std::vector<std::string> notes;
  const auto note_if = [&notes](bool holds, std::string words) {
    if (holds && !words.empty()) notes.push_back(std::move(words));
  };
  const auto witness = attribution::witness_from(session.witness);
  note_if(session.outcome == "abandoned", abandoned_text(session));
  note_if(witness == Witness::window, "only AnyDesk's window could be read");
  note_if(witness == Witness::other, "read from a source this version does not know");
  for (const auto doubt : attribution::doubts_from(session.doubts)) {
    note_if(true, "in doubt: " + std::string{in_words(doubt)});
  }
  note_if(session.clock_backwards, "the clock went backwards");
  note_if(session.clock_jumped, "the clock was set meanwhile");
  note_if(session.over_length, "longer than its workstation allows");
  note_if(session.overnight, "ran overnight");
  note_if(session.reconnects == 1, "reconnected once");
  note_if(session.reconnects > 1, "reconnected " + std::to_string(session.reconnects) + " times");
  return notes;
}

std::vector<std::string> capture_flags(const store::SessionRow& session) {
  std::vector<std::string> flags;
  if (session.clock_backwards) flags.emplace_back("clock_went_backwards");
  if (session.clock_jumped) flags.emplace_back("clock_jumped");
  if (session.over_length) flags.emplace_back("over_length");
  if (session.overnight) flags.emplace_back("overnight");
  if (session.remote_id_withheld) flags.emplace_back("remote_id_withheld");
  return flags;
}

std::string abandoned_text(const store::SessionRow& session) {
  if (session.outcome != "abandoned") return "";
  return attribution::in_words(attribution::abandon_cause_from(session.abandon_cause),
                               attribution::witness_from(session.witness), session.last_seen);
}

std::optional<std::int64_t> anydesk_ms(const store::SessionRow& session) {
  if (!session.started || !session.ended) return std::nullopt;
  return (*session.ended - *session.started).count();
}

std::string durations_text(const store::SessionRow& session) {
  const auto anydesk = anydesk_ms(session);
  std::string text =
      "AnyDesk " + (anydesk ? rating::duration_ms_text(*anydesk) : "unknown") + ", boot-time clock ";
  if (!session.duration_boot_ms) return text + "not measured";
  return text + rating::duration_ms_text(*session.duration_boot_ms) + " +- " +
         std::to_string(session.duration_boot_uncertainty_ms) + " ms";
}

std::string remote_text(const store::SessionRow& session) {
  if (session.remote_id_withheld) return "unregistered terminal, ID withheld";
  return session.remote_id.empty() ? "unknown" : session.remote_id;
}

json::object capture_json(const store::SessionRow& session) {
  const auto or_null = [](const auto& value) { return value ? json::value(*value) : json::value(nullptr); };
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
  };
  json::array doubts, doubts_text, flags;
  for (const auto doubt : attribution::doubts_from(session.doubts)) {
    doubts.emplace_back(to_string(doubt));
    doubts_text.emplace_back(in_words(doubt));
  }
  for (const auto& flag : capture_flags(session)) flags.emplace_back(flag);
  const bool measured = session.duration_boot_ms.has_value();
  const std::optional<std::int64_t> uncertainty =
      measured ? std::optional{session.duration_boot_uncertainty_ms} : std::nullopt;
  return {{"witness", session.witness},
          {"doubts", std::move(doubts)},
          {"doubts_text", std::move(doubts_text)},
          {"abandon_cause", text_or_null(session.abandon_cause)},
          {"abandon_text", text_or_null(abandoned_text(session))},
          {"last_seen_utc",
           session.last_seen ? json::value(timing::to_rfc3339(*session.last_seen)) : json::value(nullptr)},
          {"duration_anydesk_ms", or_null(anydesk_ms(session))},
          {"duration_boot_ms", or_null(session.duration_boot_ms)},
          {"duration_boot_uncertainty_ms", or_null(uncertainty)},
          {"flags", std::move(flags)},
          {"reconnects", session.reconnects},
          {"window_pid", session.window_pid == 0 ? json::value(nullptr) : json::value(session.window_pid)},
          {"boot_id", text_or_null(session.boot_id)}};
}

}  // namespace collector::commands
