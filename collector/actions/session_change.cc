#include "collector/actions/session_change.h"

#include <algorithm>

#include "collector/actions/open_session.h"
#include "collector/attribution/views.h"
#include "collector/rating/rate.h"
#include "collector/store/series.h"

namespace collector::actions {

using base::ErrorCode;
using base::fail;

namespace {

constexpr std::size_t kWorkTypeMax = 60;

auto refuse(const std::string& field, const std::string& value, const std::string& why) {
  return fail(ErrorCode::invalid_argument, field + " '" + value + "': " + why);
}

// The decision a change makes of the one before.
class Change {
 public:
  Change(const Actor& actor, const OpenSession& open, const directory::Directory& directory)
      : actor_{actor}, open_{open}, directory_{directory}, next_{open.decision} {}

  base::Result<store::DecisionRow> apply(const SessionChange& change) {
    for (const auto& name : change.reset) {
      if (auto done = reset(name); !done) return std::unexpected{done.error()};
    }
    for (auto step : {&Change::technician, &Change::customer, &Change::terminal, &Change::contract,
                      &Change::charge, &Change::start, &Change::end, &Change::work_type}) {
      if (auto done = (this->*step)(change); !done) return std::unexpected{done.error()};
    }
    if (change.comment) next_.comment = change.comment;
    return next_;
  }

 private:
  base::Status reset(const std::string& name) {
    if (name == "technician") {
      next_.technician_id.reset();
    } else if (name == "customer") {
      next_.customer_id.reset();
      next_.terminal_id.reset();
      next_.contract_id.reset();
    } else if (name == "contract") {
      next_.contract_id.reset();
    } else if (name == "comment") {
      next_.comment.reset();
    } else if (name == "charge") {
      next_.charge_min.reset();
      next_.no_charge.reset();
    } else if (name == "times") {
      next_.started.reset();
      next_.ended.reset();
    } else if (name == "work_type") {
      next_.work_type.reset();
    } else if (name == "released") {
      next_.released.clear();
    } else if (name == "hold") {
      next_.held = false;
    } else {
      return refuse("reset", name, "nothing is called so that could be taken back");
    }
    return {};
  }

  base::Status technician(const SessionChange& change) {
    if (!change.technician) return {};
    const auto at =
        std::ranges::find(directory_.technicians, *change.technician, &directory::Technician::number);
    if (at == directory_.technicians.end()) {
      return refuse("technician", std::to_string(*change.technician), "there is no such number");
    }
    next_.technician_id = at->id;
    return {};
  }

  std::optional<std::int64_t> customer_id() const {
    if (next_.customer_id) return next_.customer_id;
    return open_.attribution ? open_.attribution->customer_id : std::nullopt;
  }

  base::Status customer(const SessionChange& change) {
    if (!change.customer) return {};
    const auto at = std::ranges::find(directory_.customers, *change.customer, &directory::Customer::code);
    if (at == directory_.customers.end()) {
      return refuse("customer", *change.customer, "there is no such code");
    }
    if (next_.customer_id != at->id) {
      next_.terminal_id = terminal_at(open_.session.remote_id, at->id);
      next_.contract_id.reset();
    }
    next_.customer_id = at->id;
    return {};
  }

  std::optional<std::int64_t> terminal_at(const std::string& address, std::int64_t customer_id) const {
    for (const auto& terminal : directory_.terminals) {
      if (terminal.customer_id == customer_id && !address.empty() &&
          attribution::same_address(terminal.address, address)) {
        return terminal.id;
      }
    }
    return std::nullopt;
  }

  base::Status terminal(const SessionChange& change) {
    if (!change.terminal) return {};
    const auto owner = customer_id();
    const auto id = owner ? terminal_at(*change.terminal, *owner) : std::nullopt;
    if (!id) {
      return refuse("terminal", *change.terminal,
                    owner ? "the customer has no such address" : "name the customer, too");
    }
    next_.customer_id = owner;
    next_.terminal_id = id;
    return {};
  }

  std::optional<timing::UtcMs> moment() const {
    if (open_.session.started) return open_.session.started;
    if (next_.started) return next_.started;
    return open_.session.requested ? open_.session.requested : open_.session.ended;
  }

  base::Status contract(const SessionChange& change) {
    if (!change.contract) return {};
    const auto owner = customer_id();
    if (!owner) return refuse("contract", *change.contract, "name the customer, too");
    const auto at = std::ranges::find_if(directory_.contracts, [&](const directory::Contract& one) {
      return one.customer_id == *owner && one.name == *change.contract;
    });
    if (at == directory_.contracts.end()) {
      return refuse("contract", *change.contract, "the customer has none of that name");
    }
    const auto when = moment();
    if (when && (*when < at->valid_from || (at->valid_to && *at->valid_to <= *when))) {
      return refuse("contract", *change.contract,
                    "it was not in force on " + timing::to_rfc3339(*when).substr(0, 10));
    }
    next_.contract_id = at->id;
    return {};
  }

  base::Status charge(const SessionChange& change) {
    if (change.minutes && change.no_charge) {
      return fail(ErrorCode::invalid_argument,
                  "minutes and no charge contradict each other: say one of them");
    }
    if (change.minutes) {
      if (*change.minutes < 0 || *change.minutes > rating::kOverrideMax_min) {
        return refuse("minutes", std::to_string(*change.minutes), "0 to 1440");
      }
      next_.charge_min = change.minutes;
      next_.no_charge.reset();
    }
    if (change.no_charge) {
      next_.no_charge = *change.no_charge ? 1 : 0;
      next_.charge_min.reset();
    }
    return {};
  }

  base::Status start(const SessionChange& change) {
    if (!change.started) return {};
    const auto text = timing::to_rfc3339(*change.started);
    if (open_.session.started) {
      return refuse("start", text,
                    "it started at " + timing::to_rfc3339(*open_.session.started) +
                        "; a start is only stated where none was seen. To charge another time, use minutes");
    }
    if (*change.started > actor_.now) return refuse("start", text, "that is still to come");
    if (open_.session.ended && *open_.session.ended < *change.started) {
      return refuse("start", text, "it ended at " + timing::to_rfc3339(*open_.session.ended));
    }
    next_.started = change.started;
    return {};
  }

  base::Status end(const SessionChange& change) {
    if (!change.ended) return {};
    const auto text = timing::to_rfc3339(*change.ended);
    const auto start = open_.session.started ? open_.session.started : next_.started;
    if (open_.session.ended && (!start || *start <= *open_.session.ended)) {
      return refuse("end", text,
                    "it ended at " + timing::to_rfc3339(*open_.session.ended) +
                        "; an end is only stated where none was seen. To charge another time, use minutes");
    }
    if (*change.ended > actor_.now) return refuse("end", text, "that is still to come");
    if (start && *change.ended < *start) {
      return refuse("end", text, "it started at " + timing::to_rfc3339(*start));
    }
    if (start && *change.ended - *start > std::chrono::seconds{rating::kDurationMax_s}) {
      return refuse("end", text, "that would be longer than a year");
    }
    next_.ended = change.ended;
    return {};
  }

  base::Status work_type(const SessionChange& change) {
    if (!change.work_type) return {};
    if (change.work_type->empty() || change.work_type->size() > kWorkTypeMax) {
      return refuse("work type", *change.work_type, "1 to 60 characters");
    }
    next_.work_type = change.work_type;
    return {};
  }

  const Actor& actor_;
  const OpenSession& open_;
  const directory::Directory& directory_;
  store::DecisionRow next_;
};

// A session leaves its series before it changes to another customer.
base::Status stays_in_series(store::Transaction& tx, std::int64_t session_id,
                             const std::optional<std::int64_t>& customer_id) {
  const auto series = store::series_of(tx, session_id);
  if (!series) return std::unexpected{series.error()};
  if (!*series || !customer_id || (*series)->customer_id == *customer_id) return {};
  return fail(ErrorCode::conflict, session_text(session_id) + " is in series " +
                                       std::to_string((*series)->id) +
                                       " of another customer; it has to leave that first: series leave " +
                                       std::to_string(session_id));
}

}  // namespace

const std::vector<std::string>& resettable() {
  static const std::vector<std::string> names{"technician", "customer",  "contract", "comment", "charge",
                                              "times",      "work_type", "released", "hold"};
  return names;
}

base::Status change_session(store::Transaction& tx, const Actor& actor, std::int64_t session_id,
                            const SessionChange& change, const store::StartOfDay& start_of_day) {
  if (auto said = need_reason(actor); !said) return said;
  const auto open = open_session(tx, session_id);
  if (!open) return std::unexpected{open.error()};
  const auto directory = store::load_directory(tx, start_of_day);
  if (!directory) return std::unexpected{directory.error()};
  const auto next = Change{actor, *open, *directory}.apply(change);
  if (!next) return fail("changing " + session_text(session_id), next.error());
  if (auto fits = stays_in_series(tx, session_id, next->customer_id); !fits) return fits;
  const auto changed = decide(tx, actor, *open, *next, "change");
  if (!changed) return std::unexpected{changed.error()};
  if (*changed) return {};
  return fail(ErrorCode::conflict, "nothing of " + session_text(session_id) + " would change");
}

base::Result<std::int64_t> add_session(store::Transaction& tx, const Actor& actor,
                                       const EnteredSession& entered, const store::StartOfDay& start_of_day) {
  if (entered.work_type != "phone" && entered.work_type != "on_site") {
    return refuse("work type", entered.work_type, "phone or on_site");
  }
  const auto length = std::to_string(entered.duration.count()) + " s";
  if (entered.duration.count() <= 0 || entered.duration.count() > rating::kDurationMax_s) {
    return refuse("duration", length, "more than nothing, at most a year");
  }
  const auto ended = entered.started + entered.duration;
  if (ended > actor.now) {
    return refuse("start", timing::to_rfc3339(entered.started), "it has not ended yet");
  }
  const auto directory = store::load_directory(tx, start_of_day);
  if (!directory) return std::unexpected{directory.error()};
  const auto id = store::add_manual_session(
      tx, {.session_key = "entered " + timing::to_rfc3339(actor.now) + " by " + actor.who,
           .kind = entered.work_type,
           .started = entered.started,
           .ended = ended});
  if (!id) return std::unexpected{id.error()};
  const auto open = open_session(tx, *id);
  if (!open) return std::unexpected{open.error()};
  SessionChange change;
  change.technician = entered.technician;
  change.customer = entered.customer;
  change.terminal = entered.terminal;
  change.comment = entered.comment;
  change.work_type = entered.work_type;
  const auto decision = Change{actor, *open, *directory}.apply(change);
  if (!decision) return fail("entering a session", decision.error());
  const auto done = decide(tx, actor, *open, *decision, "enter");
  if (!done) return std::unexpected{done.error()};
  return *id;
}

}  // namespace collector::actions
