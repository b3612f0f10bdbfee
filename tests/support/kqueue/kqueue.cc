#include <sys/epoll.h>
#include <sys/event.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace {

struct Process {
  int descriptor = -1;
  unsigned asked = 0;
};

struct Queue {
  int inotify = -1;
  std::map<int, std::uintptr_t> files;          // Descriptor by inotify's watch.
  std::map<std::uintptr_t, Process> processes;  // By pid.
  std::map<std::uintptr_t, unsigned> notes;     // Not told yet, by descriptor.
};

// By descriptor. A queue that was closed is replaced when its number comes again.
std::map<int, Queue>& queues() {
  static std::map<int, Queue> all;
  return all;
}

int add_file(Queue& queue, const struct kevent& change) {
  const std::string path = "/proc/self/fd/" + std::to_string(change.ident);
  const int watch = ::inotify_add_watch(queue.inotify, path.c_str(),
                                        IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_CREATE |
                                            IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO);
  if (watch < 0) return -1;
  queue.files[watch] = change.ident;
  return 0;
}

int add_process(int number, Queue& queue, const struct kevent& change) {
  siginfo_t child{};
  const bool ours =
      ::waitid(P_PID, static_cast<id_t>(change.ident), &child, WEXITED | WNOHANG | WNOWAIT) == 0;
  if ((change.fflags & NOTE_EXITSTATUS) != 0 && !ours) {
    errno = EACCES;  // macOS: the status is for parents, and for those who may signal the process.
    return -1;
  }
  const auto descriptor = static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(change.ident), 0));
  if (descriptor < 0) return -1;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = change.ident;
  if (::epoll_ctl(number, EPOLL_CTL_ADD, descriptor, &event) != 0) return -1;
  queue.processes[change.ident] = {descriptor, change.fflags};
  return 0;
}

int remove_process(Queue& queue, const struct kevent& change) {
  const auto process = queue.processes.find(change.ident);
  if (process == queue.processes.end()) {
    errno = ENOENT;
    return -1;
  }
  ::close(process->second.descriptor);
  queue.processes.erase(process);
  return 0;
}

unsigned notes_of(std::uint32_t mask, int descriptor) {
  unsigned notes = 0;
  if ((mask & (IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)) != 0) notes |= NOTE_WRITE;
  if ((mask & IN_ATTRIB) != 0) notes |= NOTE_ATTRIB;
  if ((mask & IN_MOVE_SELF) != 0) notes |= NOTE_RENAME;
  struct stat state{};
  if (::fstat(descriptor, &state) == 0 && state.st_nlink == 0) notes |= NOTE_DELETE;
  return notes;
}

bool take_files(Queue& queue) {
  alignas(inotify_event) std::array<char, 4096> buffer{};
  const auto got = ::read(queue.inotify, buffer.data(), buffer.size());
  if (got <= 0) return false;
  for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
    inotify_event event{};
    std::memcpy(&event, buffer.data() + at, sizeof event);
    at += sizeof event + event.len;
    const auto file = queue.files.find(event.wd);
    if (file == queue.files.end()) continue;
    // kqueue tells a folder only of its own entries, not of writes to them.
    if (event.len > 0 && (event.mask & (IN_MODIFY | IN_ATTRIB)) != 0) continue;
    const unsigned said = notes_of(event.mask, static_cast<int>(file->second));
    if (said != 0) queue.notes[file->second] |= said;
  }
  return true;
}

}  // namespace

int kqueue() {
  const int number = ::epoll_create1(EPOLL_CLOEXEC);
  if (number < 0) return -1;
  Queue queue{
      .inotify = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC), .files = {}, .processes = {}, .notes = {}};
  epoll_event event{};
  event.events = EPOLLIN;
  if (::epoll_ctl(number, EPOLL_CTL_ADD, queue.inotify, &event) != 0) return -1;
  if (const auto old = queues().find(number); old != queues().end()) {
    ::close(old->second.inotify);
    for (const auto& [pid, process] : old->second.processes) ::close(process.descriptor);
  }
  queues()[number] = std::move(queue);
  return number;
}

int kevent(int number, const struct kevent* changes, int change_count, struct kevent* events, int event_count,
           const timespec*) {
  Queue& queue = queues().at(number);
  for (int i = 0; i < change_count; ++i) {
    const struct kevent& change = changes[i];
    int done = -1;
    if (change.filter == EVFILT_VNODE) done = add_file(queue, change);
    if (change.filter == EVFILT_PROC) {
      done = (change.flags & EV_DELETE) != 0 ? remove_process(queue, change)
                                             : add_process(number, queue, change);
    }
    if (done != 0) return -1;
  }
  int count = 0;
  while (event_count > 0 && take_files(queue)) {
  }
  while (!queue.notes.empty() && count < event_count) {
    const auto [ident, said] = *queue.notes.begin();
    EV_SET(&events[count++], ident, EVFILT_VNODE, 0, said, 0, nullptr);
    queue.notes.erase(queue.notes.begin());
  }
  for (auto next = queue.processes.begin(); next != queue.processes.end() && count < event_count;) {
    const auto process = next++;
    siginfo_t child{};
    epoll_event ready{};
    const int one = ::epoll_create1(0);
    ready.events = EPOLLIN;
    ::epoll_ctl(one, EPOLL_CTL_ADD, process->second.descriptor, &ready);
    const bool ended = ::epoll_wait(one, &ready, 1, 0) == 1;
    ::close(one);
    if (!ended) continue;
    std::intptr_t status = 0;
    if ((process->second.asked & NOTE_EXITSTATUS) != 0 &&
        ::waitid(P_PID, static_cast<id_t>(process->first), &child, WEXITED | WNOHANG | WNOWAIT) == 0) {
      status = child.si_code == CLD_EXITED ? child.si_status << 8 : child.si_status;
    }
    EV_SET(&events[count++], process->first, EVFILT_PROC, EV_ONESHOT, process->second.asked, status, nullptr);
    ::close(process->second.descriptor);
    queue.processes.erase(process);
  }
  return count;
}
