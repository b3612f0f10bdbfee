#include "collector/pipeline/session_view.h"

#include "collector/store/series.h"

namespace collector::pipeline {

base::Result<attribution::SessionView> view_of(const store::SessionRow& session) {
  const auto outcome = attribution::outcome_from(session.outcome);
  if (!outcome) return std::unexpected{outcome.error()};
  return attribution::SessionView{.outcome = *outcome,
                                  .remote_id = session.remote_id,
                                  .workstation = session.workstation,
                                  .anydesk_id = session.anydesk_id,
                                  .requested = session.requested,
                                  .started = session.started,
                                  .ended = session.ended,
                                  .clock_went_backwards = session.clock_backwards,
                                  .witness = attribution::witness_from(session.witness),
                                  .doubts = attribution::doubts_from(session.doubts),
                                  .abandon_cause = attribution::abandon_cause_from(session.abandon_cause),
                                  .last_seen = session.last_seen,
                                  .duration_boot_ms = session.duration_boot_ms,
                                  .duration_boot_uncertainty_ms = session.duration_boot_uncertainty_ms,
                                  .clock_jumped = session.clock_jumped,
                                  .over_length = session.over_length,
                                  .overnight = session.overnight,
                                  .remote_id_withheld = session.remote_id_withheld,
                                  .manual = session.agent_id.empty()};
}

base::Result<attribution::SessionView> view_of(const store::SessionRow& session,
                                               const store::AttributionRow& attribution) {
  auto view = view_of(session);
  if (!view) return view;
  if (attribution.stated_start) view->started = attribution.stated_start;
  if (attribution.stated_end) view->ended = attribution.stated_end;
  return view;
}

attribution::Decision view_of(const store::DecisionRow& decision) {
  return {.who = decision.who,
          .decided = decision.decided,
          .why = decision.why,
          .released = attribution::review_reasons_from(decision.released),
          .held = decision.held,
          .withdrawn = decision.withdrawn,
          .no_charge = decision.no_charge ? std::optional{*decision.no_charge == 1} : std::optional<bool>{},
          .charge_min = decision.charge_min,
          .comment = decision.comment,
          .technician_id = decision.technician_id,
          .customer_id = decision.customer_id,
          .terminal_id = decision.terminal_id,
          .contract_id = decision.contract_id,
          .started = decision.started,
          .ended = decision.ended,
          .work_type = decision.work_type};
}

base::Result<attribution::Decisions> decisions_about(store::Transaction& tx, std::int64_t session_id) {
  attribution::Decisions decisions;
  const auto rows = store::decisions_of(tx, session_id);
  if (!rows) return std::unexpected{rows.error()};
  for (const auto& row : *rows) decisions.history.push_back(view_of(row));
  const auto series = store::series_of(tx, session_id);
  if (!series) return std::unexpected{series.error()};
  if (*series) decisions.series_id = (*series)->id;
  return decisions;
}

attribution::CommentView view_of(const store::CommentRow& comment) {
  return {.id = comment.id,
          .remote_id = comment.remote_id,
          .anydesk_id = comment.anydesk_id,
          .started = comment.started,
          .text = comment.text};
}

}  // namespace collector::pipeline
