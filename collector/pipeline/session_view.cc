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
                                  .clock_went_backwards = session.clock_backwards};
}

attribution::CommentView view_of(const store::CommentRow& comment) {
  return {.id = comment.id,
          .remote_id = comment.remote_id,
          .anydesk_id = comment.anydesk_id,
          .started = comment.started,
          .text = comment.text};
}

}  // namespace collector::pipeline
