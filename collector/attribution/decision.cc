#include "collector/attribution/decision.h"

namespace collector::attribution {

namespace {

std::string told(const Decision& decision, const std::string& did, const std::string& what) {
  return decision.who + " " + did + " on " + timing::to_rfc3339(decision.decided).substr(0, 10) + ": " +
         what + (decision.why.empty() ? "" : " (" + decision.why + ")");
}

}  // namespace

std::string decided_text(const Decision& decision, const std::string& what) {
  return told(decision, "decided", what);
}

std::string accepted_text(const Decision& decision, ReviewReason reason) {
  return told(decision, "accepted", "'" + std::string{explain(reason)} + "'");
}

}  // namespace collector::attribution
