#include "collector/pipeline/session_view.h"

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
                                  .remote_id_withheld = session.remote_id_withheld};
}

attribution::CommentView view_of(const store::CommentRow& comment) {
  return {.id = comment.id,
          .remote_id = comment.remote_id,
          .anydesk_id = comment.anydesk_id,
          .started = comment.started,
          .text = comment.text};
}

}  // namespace collector::pipeline
