// What a source remembers beside position and builder (proto/deskledger/agent/v1/capture.proto).

#include <deskledger/agent/v1/capture.pb.h>

#include "agent/capture/source.h"

namespace agent::capture {

namespace v1 = deskledger::agent::v1;

std::string Source::memory() const {
  v1::SourceMemory memory;
  memory.set_boot_id(clock_.boot_id());
  memory.set_alive_utc_ms(timing::to_ms(alive_at_));
  memory.set_window(window_.save());
  marks_.save(memory);
  for (const auto& [pid, born] : seen_) {
    v1::SeenProcess& process = *memory.add_processes();
    process.set_pid(pid);
    process.set_born(born);
  }
  if (gap_) {
    v1::PendingGap& gap = *memory.mutable_gap();
    gap.set_after_offset(gap_->gap.after_offset);
    gap.set_bytes_lost_min(gap_->gap.bytes_lost_min);
    gap.set_cause(gap_->gap.cause);
    if (gap_->gap.from) gap.set_from_utc_ms(timing::to_ms(*gap_->gap.from));
  }
  if (const auto at = last_line_at()) memory.set_last_line_utc_ms(timing::to_ms(*at));
  return memory.SerializeAsString();
}

base::Status Source::load(std::string_view builder, std::string_view bytes) {
  auto loaded = session::Builder::load(builder);
  if (!loaded) return std::unexpected{loaded.error()};
  v1::SourceMemory memory;
  if (!memory.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return base::fail(base::ErrorCode::corrupt, "reading what was stored beside the state of " + path());
  }
  if (!memory.window().empty()) {
    auto window = session::WindowBuilder::load(memory.window());
    if (!window) return std::unexpected{window.error()};
    window_ = std::move(*window);
  }
  builder_ = std::move(*loaded);
  marks_.load(memory);
  alive_at_ = timing::from_ms(memory.alive_utc_ms());
  if (memory.has_last_line_utc_ms()) stored_last_line_at_ = timing::from_ms(memory.last_line_utc_ms());
  if (memory.has_gap()) {
    gap_ = OpenGap{.gap = {.source = path(),
                           .after_offset = memory.gap().after_offset(),
                           .bytes_lost_min = memory.gap().bytes_lost_min(),
                           .cause = memory.gap().cause(),
                           .from = {},
                           .to = {}},
                   .since_boot_ms = clock_.boot_ms()};
    if (memory.gap().has_from_utc_ms()) gap_->gap.from = timing::from_ms(memory.gap().from_utc_ms());
  }
  if (memory.boot_id().empty() || memory.boot_id() == clock_.boot_id()) {
    for (const v1::SeenProcess& process : memory.processes()) seen_[process.pid()] = process.born();
    return {};
  }
  // The machine has started again since: whatever process held a session then is gone.
  for (const auto& process : live_processes()) {
    lost_.push_back({.pid = process.pid,
                     .end = {.last_alive = alive_at_, .cause = session::AbandonCause::power},
                     .due_boot_ms = 0});
  }
  return {};
}

}  // namespace agent::capture
