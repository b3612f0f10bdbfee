// What only Linux has: zombies of others, hidden processes, pids given again.

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <optional>

#include "agent/process/proc_files.h"
#include "agent/process/process_watch.h"
#include "tests/agent/process/victim.h"
#include "tests/support/process/eventually.h"

namespace agent::process {
namespace {

using victim::Parent;
constexpr uid_t kNobody = 65'534;

struct LinuxProcess : testing::Test {
  LinuxProcess()
      : folder{std::filesystem::temp_directory_path() /
               ("deskledger_linux_process_" + std::to_string(::getpid()))},
        program{victim::copy_to(folder, "anydesk")} {}
  ~LinuxProcess() override { std::filesystem::remove_all(folder); }

  // As an agent that runs without root, next to another user's processes.
  struct Unprivileged {
    Unprivileged() { EXPECT_EQ(::seteuid(kNobody), 0); }
    ~Unprivileged() { EXPECT_EQ(::seteuid(0), 0); }
  };

  std::filesystem::path folder;
  std::filesystem::path program;
  std::unique_ptr<ProcessWatch> watch = system_process_watch();
};

TEST(Stat, IsReadBehindAnyName) {
  const std::string rest =
      " S 1 2 3 0 -1 4194560 7 8 9 10 11 12 13 14 20 0 1 0 123456789012 16 17 18 1 1 0 0 0 0 0 0 0 0 0 0 17 "
      "1 "
      "0 0 0 0 0 1 1 1 1 1 1 1 139\n";
  for (const std::string name : {"anydesk", "a) Z 5 (b", "", ") ) )", "a\nb"}) {
    const auto stat = parse_stat("42 (" + name + ")" + rest);
    ASSERT_TRUE(stat) << name;
    EXPECT_EQ(stat->state, 'S');
    EXPECT_EQ(stat->start_ticks, 123'456'789'012U);
    EXPECT_EQ(stat->exit_status, 139);
  }
  const std::string whole = "42 (anydesk)" + rest;
  for (std::size_t length = 0; length < whole.size() - 4; ++length) {
    EXPECT_FALSE(parse_stat(whole.substr(0, length))) << length;
  }
  EXPECT_FALSE(parse_stat("42 (a) SS" + rest.substr(2)));
}

TEST_F(LinuxProcess, AnUnprivilegedAgentSeesRootsAnyDesk) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  victim::Process process{program};
  const Unprivileged now;
  ASSERT_EQ(watch->watch(process.pid()).seen, Seen::alive) << "by its short name: the link is closed to us";
  EXPECT_EQ(watch->watch(1).seen, Seen::not_anydesk);
}

TEST_F(LinuxProcess, AZombieWhoseStatusIsHiddenIsToldWhenItsParentHasAsked) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  victim::Process process{program, Parent::test};
  ASSERT_EQ(watch->watch(process.pid()).seen, Seen::alive);
  process.end(SIGHUP);
  const auto pid = process.pid();
  ASSERT_TRUE(support::eventually([&] { return stat_of(pid)->state == 'Z'; }));
  const Unprivileged now;
  ASSERT_TRUE(watch->drain().empty());
  EXPECT_EQ(watch->watch(pid).seen, Seen::gone);
  process.reap();
  const auto ends = watch->drain();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].who.pid, pid);
  EXPECT_EQ(ends[0].cause, EndCause::log_off);
}

TEST_F(LinuxProcess, AZombieThatNobodyAsksIsToldAllTheSame) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  victim::Process process{program, Parent::test};
  ASSERT_EQ(watch->watch(process.pid()).seen, Seen::alive);
  process.end(SIGKILL);
  ASSERT_TRUE(support::eventually([&] { return stat_of(process.pid())->state == 'Z'; }));
  const Unprivileged now;
  std::vector<End> ends;
  ASSERT_TRUE(support::eventually([&] {
    ends = watch->drain();
    return !ends.empty();
  }));
  EXPECT_EQ(ends[0].cause, EndCause::unknown);
}

// Runs `look` in a process that sees a /proc of its own; nothing if this machine does not allow that.
std::optional<int> with_hidden_processes(const std::function<int()>& look) {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool hidden = ::unshare(CLONE_NEWNS) == 0 &&
                        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                        ::mount("proc", "/proc", "proc", 0, "hidepid=2") == 0 && ::setegid(kNobody) == 0 &&
                        ::seteuid(kNobody) == 0;
    ::_exit(hidden ? look() : 100);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 100) return std::nullopt;
  return WEXITSTATUS(status);
}

TEST_F(LinuxProcess, AHiddenProcessIsUnknownAndNotGone) {
  victim::Process process{program};
  const auto seen = with_hidden_processes([&] { return static_cast<int>(watch->watch(process.pid()).seen); });
  if (!seen) GTEST_SKIP() << "this machine gives no mount namespace";
  EXPECT_EQ(*seen, static_cast<int>(Seen::unknown));
  EXPECT_EQ(watch->watch(process.pid()).seen, Seen::alive);
}

TEST_F(LinuxProcess, APidGivenAgainIsAnotherProcess) {
  const char* const last_pid = "/proc/sys/kernel/ns_last_pid";
  if (!std::ofstream{last_pid}) GTEST_SKIP() << "needs the right to choose a pid";
  auto first = std::make_unique<victim::Process>(program, Parent::test);
  const Look look = watch->watch(first->pid());
  ASSERT_EQ(look.seen, Seen::alive);
  first->end(SIGKILL);
  first->reap();
  // Another process of the machine may take the pid in between; then the next round.
  std::unique_ptr<victim::Process> second;
  const bool again = support::eventually(
      [&] {
        second.reset();
        std::ofstream{last_pid} << look.who->pid - 1;
        second = std::make_unique<victim::Process>(program, Parent::test);
        return second->pid() == look.who->pid && stat_of(second->pid())->start_ticks != look.who->born;
      },
      std::chrono::seconds{5});
  if (!again) GTEST_SKIP() << "the pid was not given again";
  const Look other = watch->watch(second->pid());
  ASSERT_EQ(other.seen, Seen::alive);
  EXPECT_NE(other.who->born, look.who->born);
  auto ends = watch->drain();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].who, *look.who);
  second->end(SIGSEGV);
  ASSERT_TRUE(support::eventually([&] {
    ends = watch->drain();
    return !ends.empty();
  }));
  EXPECT_EQ(ends[0].who, *other.who);
  EXPECT_EQ(ends[0].cause, EndCause::crash);
}

}  // namespace
}  // namespace agent::process
