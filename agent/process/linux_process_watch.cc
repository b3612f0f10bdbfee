#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <map>

#include "agent/process/pidfd.h"
#include "agent/process/proc_files.h"
#include "agent/process/process_watch.h"
#include "agent/process/wait_status.h"

namespace agent::process {

namespace {

using std::chrono::steady_clock;

// A parent that cares asks at once; one that does not leaves a zombie.
constexpr std::chrono::seconds kReapPatience{2};

// The status of a process that has ended, if /proc shows it to us: to root, and to its own user.
std::optional<int> shown_status(const Identity& who) {
  const auto stat = stat_of(who.pid);
  if (!stat || stat->start_ticks != who.born || stat->state != 'Z') return std::nullopt;
  if (stat->exit_status != 0) return stat->exit_status;
  // 0 stands for "you may not know", too.
  struct stat folder{};
  const bool ours = ::geteuid() == 0 || (::stat(("/proc/" + std::to_string(who.pid)).c_str(), &folder) == 0 &&
                                         folder.st_uid == ::geteuid());
  return ours ? std::optional{0} : std::nullopt;
}

class LinuxProcessWatch final : public ProcessWatch {
 public:
  LinuxProcessWatch(int epoll, std::string stem) : epoll_{epoll}, stem_{std::move(stem)} {}
  ~LinuxProcessWatch() override {
    if (epoll_ >= 0) ::close(epoll_);
  }
  LinuxProcessWatch(const LinuxProcessWatch&) = delete;
  LinuxProcessWatch& operator=(const LinuxProcessWatch&) = delete;

  [[nodiscard]] base::Waitable waitable() const override { return epoll_; }
  [[nodiscard]] Look watch(std::uint32_t pid) override;
  void forget(std::uint32_t pid) override;
  [[nodiscard]] std::vector<End> drain() override;

 private:
  struct Watched {
    Identity who;
    Pidfd descriptor;
    // It has ended, and its parent was not yet told.
    std::optional<steady_clock::time_point> ended = {};
  };
  using Entry = std::map<std::uint64_t, Watched>::iterator;

  [[nodiscard]] bool arm(int operation, std::uint64_t key, int descriptor, std::uint32_t events) const;
  std::optional<EndCause> cause(Entry entry, bool reaped);

  int epoll_;
  std::string stem_;
  std::uint64_t next_key_ = 0;
  std::map<std::uint64_t, Watched> watched_;  // By key, as two processes may have had the same pid.
};

bool LinuxProcessWatch::arm(int operation, std::uint64_t key, int descriptor, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  return ::epoll_ctl(epoll_, operation, descriptor, &event) == 0;
}

Look LinuxProcessWatch::watch(std::uint32_t pid) {
  for (const auto& [key, watched] : watched_) {
    if (watched.who.pid == pid && !watched.descriptor.ended()) return {Seen::alive, watched.who};
  }
  auto descriptor = Pidfd::open(pid);
  if (!descriptor) {
    const int error = descriptor.error();
    const bool none = error == ESRCH || error == EINVAL || error == ENOENT;
    return {none ? Seen::gone : Seen::unknown, std::nullopt};
  }
  const auto stat = stat_of(pid);
  const auto ours = runs_program(pid, stem_);
  // Only while the descriptor's process lives do the files of its pid speak of it.
  if (descriptor->ended()) return {Seen::gone, std::nullopt};
  if (!stat || !ours) return {Seen::unknown, std::nullopt};
  if (!*ours) return {Seen::not_anydesk, std::nullopt};
  const Identity who{.pid = pid, .born = stat->start_ticks};
  if (!arm(EPOLL_CTL_ADD, next_key_, descriptor->descriptor(), EPOLLIN)) return {Seen::unknown, std::nullopt};
  watched_.emplace(next_key_++, Watched{.who = who, .descriptor = std::move(*descriptor)});
  return {Seen::alive, who};
}

void LinuxProcessWatch::forget(std::uint32_t pid) {
  // A closed descriptor leaves the epoll set by itself.
  std::erase_if(watched_, [&](const auto& entry) { return entry.second.who.pid == pid; });
}

// Nothing: it may become known soon.
std::optional<EndCause> LinuxProcessWatch::cause(Entry entry, bool reaped) {
  Watched& watched = entry->second;
  const Pidfd::Exit exit = watched.descriptor.exit();
  if (exit.told == Pidfd::Told::yes) return cause_of_wait_status(exit.wait_status);
  if (const auto status = shown_status(watched.who)) return cause_of_wait_status(*status);
  if (reaped || exit.told == Pidfd::Told::never) return EndCause::unknown;
  const auto now = steady_clock::now();
  if (!watched.ended) {
    watched.ended = now;
    // Only the hang-up, which needs no asking for, still counts: the descriptor stays readable.
    if (!arm(EPOLL_CTL_MOD, entry->first, watched.descriptor.descriptor(), 0)) return EndCause::unknown;
  }
  if (now - *watched.ended < kReapPatience) return std::nullopt;
  return EndCause::unknown;
}

std::vector<End> LinuxProcessWatch::drain() {
  std::vector<End> ends;
  const auto look = [&](Entry entry, bool reaped) {
    const auto known = cause(entry, reaped);
    if (!known) return;
    ends.push_back({entry->second.who, *known});
    watched_.erase(entry);
  };
  for (auto next = watched_.begin(); next != watched_.end();) {
    const auto entry = next++;
    if (entry->second.ended) look(entry, false);
  }
  std::array<epoll_event, 64> events{};
  for (;;) {
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const std::uint64_t key = event.data.u64;  // By value: the structure is packed.
      if (const auto entry = watched_.find(key); entry != watched_.end()) {
        look(entry, (event.events & EPOLLHUP) != 0);
      }
    }
    if (count < static_cast<int>(events.size())) return ends;
  }
}

}  // namespace

std::unique_ptr<ProcessWatch> system_process_watch(std::string program_stem) {
  return std::make_unique<LinuxProcessWatch>(::epoll_create1(EPOLL_CLOEXEC), std::move(program_stem));
}

}  // namespace agent::process
