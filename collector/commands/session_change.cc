#include "collector/commands/session_change.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/adjustments.h"
#include "collector/actions/review.h"
#include "collector/actions/session_change.h"
#include "collector/commands/desk_work.h"
#include "collector/commands/duration_text.h"
#include "collector/commands/moment.h"
#include "collector/commands/zones.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

base::Result<actions::SessionChange> change_of(const SessionChangeOptions& options) {
  actions::SessionChange change{.reset = options.reset,
                                .technician = options.technician,
                                .customer = options.customer,
                                .terminal = options.terminal,
                                .contract = options.contract,
                                .comment = options.comment,
                                .minutes = options.minutes,
                                .work_type = options.work_type};
  if (options.no_charge) change.no_charge = true;
  if (options.charge) change.no_charge = false;
  if (auto done = set_moment(change.started, options.start, "start"); !done)
    return std::unexpected{done.error()};
  if (auto done = set_moment(change.ended, options.end, "end"); !done) return std::unexpected{done.error()};
  return change;
}

}  // namespace

int run_session_add(const SessionAddOptions& options, std::ostream& out, std::ostream& err) {
  const auto start = parse_moment(options.start, "start");
  if (!start) return report(err, start.error());
  const auto duration = parse_duration(options.duration);
  if (!duration) return report(err, duration.error());
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const actions::EnteredSession entered{.customer = options.customer,
                                        .terminal = options.terminal,
                                        .technician = options.technician,
                                        .started = *start,
                                        .duration = *duration,
                                        .work_type = options.work_type,
                                        .comment = options.comment};
  std::int64_t id = 0;
  const auto done =
      decide_in(workspace->database, options.preview, [&](store::Transaction& tx) -> base::Status {
        const auto added =
            actions::add_session(tx, this_actor(options.reason), entered, start_of_day_in_zone);
        if (!added) return std::unexpected{added.error()};
        id = *added;
        return {};
      });
  if (!done) return report(err, done.error());
  if (options.json) {
    out << json::serialize(json::object{{"session", id}, {"done", !options.preview}}) << '\n';
  } else if (options.preview) {
    out << "It would be entered.\n";
  } else {
    out << "session " << id << ": entered; the collector charges it in its next run\n";
  }
  return 0;
}

int run_session_change(const SessionChangeOptions& options, std::ostream& out, std::ostream& err) {
  const auto change = change_of(options);
  if (!change) return report(err, change.error());
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto work = [&](store::Transaction& tx, std::int64_t id) {
    return actions::change_session(tx, this_actor(options.reason), id, *change, start_of_day_in_zone);
  };
  return for_each_session(workspace->database, {options.session}, options.preview, options.json, "changed",
                          work, out, err);
}

int run_session_adjust(const SessionAdjustOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const actions::SessionAdjustment adjustment{.minutes = options.minutes, .no_charge = options.no_charge};
  const auto work = [&](store::Transaction& tx, std::int64_t id) {
    return actions::adjust_session(tx, this_actor(options.reason), id, adjustment);
  };
  return for_each_session(workspace->database, {options.session}, options.preview, options.json, "adjusted",
                          work, out, err);
}

int run_session_withdraw(const SessionWithdrawOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto work = [&](store::Transaction& tx, std::int64_t id) {
    return actions::withdraw_session(tx, this_actor(options.reason), id);
  };
  return for_each_session(workspace->database, {options.session}, options.preview, options.json, "withdrawn",
                          work, out, err);
}

}  // namespace collector::commands
