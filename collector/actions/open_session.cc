#include "collector/actions/open_session.h"

#include <boost/json.hpp>

#include "collector/rating/rate.h"

namespace collector::actions {

namespace json = boost::json;

using base::ErrorCode;
using base::fail;

std::optional<std::int64_t> OpenSession::customer_id() const {
  if (decision.customer_id) return decision.customer_id;
  return attribution ? attribution->customer_id : std::nullopt;
}

std::optional<timing::UtcMs> OpenSession::started() const {
  return session.started ? session.started : decision.started;
}

std::optional<timing::UtcMs> OpenSession::ended() const {
  const auto start = started();
  const bool usable = session.ended && (!start || *start <= *session.ended);
  return usable ? session.ended : decision.ended;
}

bool OpenSession::duration_known() const {
  return started() && ended() && *started() <= *ended() &&
         *ended() - *started() <= std::chrono::seconds{rating::kDurationMax_s};
}

std::string session_text(std::int64_t session_id) {
  return "session " + std::to_string(session_id);
}

base::Result<OpenSession> open_session(store::Transaction& tx, std::int64_t session_id) {
  const auto what = session_text(session_id);
  auto session = store::find_session(tx, session_id);
  if (!session) return std::unexpected{session.error()};
  if (!*session) {
    return fail(ErrorCode::not_found, "there is no " + what + "; see: deskledger-collector sessions list");
  }
  if ((*session)->outcome == "active") {
    return fail(ErrorCode::conflict, what + " is in progress: it can be changed when it has ended");
  }
  if ((*session)->outcome == "failed") {
    return fail(ErrorCode::conflict,
                what + " is an attempt that never became a session: there is nothing to decide");
  }
  const auto document = store::billed_with(tx, session_id);
  if (!document) return std::unexpected{document.error()};
  if (*document) {
    return fail(ErrorCode::conflict, what + " is billed with " + **document +
                                         " and frozen: only an adjustment can correct it (sessions adjust " +
                                         std::to_string(session_id) + ")");
  }
  const auto decisions = store::decisions_of(tx, session_id);
  if (!decisions) return std::unexpected{decisions.error()};
  OpenSession open{.session = std::move(**session), .decision = {}, .attribution = {}};
  open.decision.session_id = session_id;
  if (!decisions->empty()) open.decision = decisions->back();
  if (open.decision.withdrawn) {
    return fail(ErrorCode::conflict, what + " was withdrawn by " + open.decision.who +
                                         ": if it took place, enter it again (sessions add)");
  }
  auto attribution = store::latest_attribution(tx, session_id);
  if (!attribution) return std::unexpected{attribution.error()};
  open.attribution = std::move(*attribution);
  return open;
}

base::Status need_reason(const Actor& actor) {
  if (!actor.why.empty()) return {};
  return fail(ErrorCode::invalid_argument, "this touches what is charged: say why (--reason TEXT)");
}

std::string decision_json(const store::DecisionRow& decision) {
  json::object out;
  const auto put = [&](const char* name, const auto& value) {
    if (value) out[name] = *value;
  };
  const auto put_time = [&](const char* name, const std::optional<timing::UtcMs>& time) {
    if (time) out[name] = timing::to_rfc3339(*time);
  };
  if (!decision.released.empty()) out["released"] = decision.released;
  if (decision.held) out["held"] = true;
  if (decision.withdrawn) out["withdrawn"] = true;
  if (decision.no_charge) out["no_charge"] = *decision.no_charge == 1;
  put("charge_min", decision.charge_min);
  put("comment", decision.comment);
  put("technician_id", decision.technician_id);
  put("customer_id", decision.customer_id);
  put("terminal_id", decision.terminal_id);
  put("contract_id", decision.contract_id);
  put_time("started_utc", decision.started);
  put_time("ended_utc", decision.ended);
  put("work_type", decision.work_type);
  return json::serialize(out);
}

base::Result<bool> decide(store::Transaction& tx, const Actor& actor, const OpenSession& open,
                          store::DecisionRow next, const std::string& action) {
  if (next == open.decision) return false;
  next.decided = actor.now;
  next.who = actor.who;
  next.why = actor.why;
  if (const auto number = store::add_decision(tx, next); !number) return std::unexpected{number.error()};
  const auto noted =
      note(tx, actor, action, "session", std::to_string(open.session.id),
           open.decision.number == 0 ? std::string{} : decision_json(open.decision), decision_json(next));
  if (!noted) return std::unexpected{noted.error()};
  return true;
}

}  // namespace collector::actions
