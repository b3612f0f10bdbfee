#include "collector/mail/transport.h"

namespace collector::mail {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::delivered: return "delivered";
    case Outcome::refused: return "refused";
    case Outcome::retry: return "retry";
    case Outcome::uncertain: return "uncertain";
    case Outcome::unavailable: return "unavailable";
    case Outcome::unwelcome: return "unwelcome";
  }
  return "unknown";
}

}  // namespace collector::mail
