#include "agent/process/kqueue_process_watch.h"

#include <fcntl.h>
#include <sys/event.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "agent/process/program.h"
#include "agent/process/wait_status.h"

namespace agent::process {

namespace {

// 0, or the errno.
int change(int queue, std::uint32_t pid, int flags, unsigned notes) {
  struct kevent event{};
  EV_SET(&event, pid, EVFILT_PROC, static_cast<std::uint16_t>(flags), notes, 0, nullptr);
  return ::kevent(queue, &event, 1, nullptr, 0, nullptr) == 0 ? 0 : errno;
}

}  // namespace

KqueueProcessWatch::KqueueProcessWatch(std::string program_stem, LookUp look_up)
    : stem_{std::move(program_stem)}, look_up_{std::move(look_up)}, queue_{::kqueue()} {
  if (queue_ >= 0) ::fcntl(queue_, F_SETFD, FD_CLOEXEC);
}

KqueueProcessWatch::~KqueueProcessWatch() {
  if (queue_ >= 0) ::close(queue_);
}

Look KqueueProcessWatch::watch(std::uint32_t pid) {
  take();  // A watched process that has ended gives way to the next one with its pid.
  if (const auto known = watched_.find(pid); known != watched_.end()) return {Seen::alive, known->second.who};
  const auto info = look_up_(pid);
  if (!info) return {info.error(), std::nullopt};
  if (!is_program(info->program, stem_)) return {Seen::not_anydesk, std::nullopt};
  bool with_status = true;
  int error = change(queue_, pid, EV_ADD | EV_ONESHOT, NOTE_EXIT | NOTE_EXITSTATUS);
  if (error == EACCES || error == EPERM) {
    with_status = false;
    error = change(queue_, pid, EV_ADD | EV_ONESHOT, NOTE_EXIT);
  }
  if (error != 0) return {error == ESRCH ? Seen::gone : Seen::unknown, std::nullopt};
  // The queue knows pids only: it watches the process we looked at if that one still has this pid.
  if (const auto again = look_up_(pid); !again || again->born != info->born) {
    static_cast<void>(change(queue_, pid, EV_DELETE, 0));  // It may have ended, and then is not there.
    return {Seen::gone, std::nullopt};
  }
  const Identity who{.pid = pid, .born = info->born};
  watched_[pid] = Watched{.who = who, .with_status = with_status};
  return {Seen::alive, who};
}

void KqueueProcessWatch::forget(std::uint32_t pid) {
  if (watched_.erase(pid) > 0) static_cast<void>(change(queue_, pid, EV_DELETE, 0));
  std::erase_if(ends_, [&](const End& end) { return end.who.pid == pid; });
}

void KqueueProcessWatch::take() {
  std::array<struct kevent, 32> events{};
  const timespec at_once{};
  for (;;) {
    const int count = ::kevent(queue_, nullptr, 0, events.data(), static_cast<int>(events.size()), &at_once);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      const auto watched = watched_.find(static_cast<std::uint32_t>(event.ident));
      if (watched == watched_.end() || (event.fflags & NOTE_EXIT) == 0) continue;
      const EndCause cause = watched->second.with_status ? cause_of_wait_status(static_cast<int>(event.data))
                                                         : EndCause::unknown;
      ends_.push_back({watched->second.who, cause});
      watched_.erase(watched);
    }
    if (count < static_cast<int>(events.size())) return;
  }
}

std::vector<End> KqueueProcessWatch::drain() {
  take();
  return std::exchange(ends_, {});
}

#ifdef __APPLE__
std::unique_ptr<ProcessWatch> system_process_watch(std::string program_stem) {
  return std::make_unique<KqueueProcessWatch>(std::move(program_stem), macos_process_info);
}
#endif

}  // namespace agent::process
