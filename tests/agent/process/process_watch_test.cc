// What every system's witness promises, tried on real processes: with this system's, and a second time with
// the one for macOS.

#include "agent/process/process_watch.h"

#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <ostream>

#include "tests/agent/process/victim.h"
#include "tests/support/process/eventually.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <poll.h>
#include <unistd.h>
#endif
#ifdef PROCESS_WATCH_OF_MACOS
#include "agent/process/kqueue_process_watch.h"
#include "agent/process/proc_files.h"
#endif

namespace agent::process {

void PrintTo(EndCause cause, std::ostream* out) {
  *out << "cause " << static_cast<int>(cause);
}

namespace {

using victim::Parent;

std::uint32_t own_pid() {
#ifdef _WIN32
  return ::GetCurrentProcessId();
#else
  return static_cast<std::uint32_t>(::getpid());
#endif
}

#ifdef PROCESS_WATCH_OF_MACOS
std::expected<ProcessInfo, Seen> look_up(std::uint32_t pid) {
  const auto ended = [](const auto& stat) { return !stat || stat->state == 'Z' || stat->state == 'X'; };
  const auto stat = stat_of(pid);
  if (ended(stat)) return std::unexpected{Seen::gone};
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", error);
  // A process that ends between the two has no program any more.
  if (error) return std::unexpected{ended(stat_of(pid)) ? Seen::gone : Seen::unknown};
  return ProcessInfo{.program = program.string(), .born = stat->start_ticks};
}

std::unique_ptr<ProcessWatch> watch_to_try(std::string stem = "anydesk") {
  return std::make_unique<KqueueProcessWatch>(std::move(stem), look_up);
}

// The double refuses the status of other people's children, as older systems do.
constexpr bool kTellsTheStatusOfAll = false;
#else
std::unique_ptr<ProcessWatch> watch_to_try(std::string stem = "anydesk") {
  return system_process_watch(std::move(stem));
}
constexpr bool kTellsTheStatusOfAll = true;
#endif

struct Folder {
  Folder()
      : path{std::filesystem::temp_directory_path() /
             ("deskledger_process_" + std::to_string(own_pid()) + "_" +
              testing::UnitTest::GetInstance()->current_test_info()->name())} {}
  ~Folder() {
    std::error_code ignored;
    // Windows lets go of a program's file a little after the program.
    support::eventually([&] { return std::filesystem::remove_all(path, ignored) > 0 || !ignored; });
  }
  std::filesystem::path path;
};

struct ProcessWatchTest : testing::Test {
  bool signalled() const {
#ifdef _WIN32
    return ::WaitForSingleObject(watch->waitable(), 0) == WAIT_OBJECT_0;
#else
    pollfd poll{.fd = watch->waitable(), .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, 0) == 1;
#endif
  }
  // All that is told until there are `count`, in the order of telling.
  std::vector<End> ends(std::size_t count = 1) {
    std::vector<End> told;
    EXPECT_TRUE(support::eventually([&] {
      if (!signalled()) return false;
      for (const End& end : watch->drain()) told.push_back(end);
      return told.size() >= count;
    }));
    return told;
  }

  Folder folder;
  std::filesystem::path program = victim::copy_to(folder.path, "AnyDesk");
  std::unique_ptr<ProcessWatch> watch = watch_to_try();
};

struct Row {
  std::string name;
  std::string told;  // A line for the victim, else:
  std::uint32_t how = 0;
  EndCause cause = EndCause::unknown;
};

const std::vector<Row> kRows{
    {"of itself", "exit 0\n", 0, EndCause::normal},
    {"crash", "crash\n", 0, EndCause::crash},
#ifdef _WIN32
    {"access violation", "", 0xC0000005, EndCause::crash},
    {"stack overrun", "", 0xC0000409, EndCause::crash},
    {"C++ exception", "", 0xE06D7363, EndCause::crash},
    {"Task Manager", "", 1, EndCause::kill},
    {"exit 3", "exit 3\n", 0, EndCause::kill},
    {"TerminateProcess(-1)", "", 0xFFFFFFFF, EndCause::kill},
    {"Ctrl-C", "", 0xC000013A, EndCause::kill},
    {"log-off", "", 0x40010004, EndCause::log_off},
    // While a process runs its code is 259; one may end with it, too.
    {"STILL_ACTIVE", "", 259, EndCause::kill},
#else
    {"exit 3", "exit 3\n", 0, EndCause::crash},     {"exit 137", "exit 137\n", 0, EndCause::crash},
    {"SEGV", "", SIGSEGV, EndCause::crash},         {"ABRT", "", SIGABRT, EndCause::crash},
    {"BUS", "", SIGBUS, EndCause::crash},           {"ILL", "", SIGILL, EndCause::crash},
    {"FPE", "", SIGFPE, EndCause::crash},           {"SYS", "", SIGSYS, EndCause::crash},
    {"TRAP", "", SIGTRAP, EndCause::crash},         {"KILL", "", SIGKILL, EndCause::kill},
    {"TERM", "", SIGTERM, EndCause::kill},          {"INT", "", SIGINT, EndCause::kill},
    {"QUIT", "", SIGQUIT, EndCause::kill},          {"HUP", "", SIGHUP, EndCause::log_off},
    {"USR1", "", SIGUSR1, EndCause::unknown},
#endif
};

TEST_F(ProcessWatchTest, TellsEachEndOnceWithItsCause) {
  for (const Parent parent : {Parent::another, Parent::test}) {
    for (const Row& row : kRows) {
      SCOPED_TRACE(row.name + (parent == Parent::test ? ", a zombie of ours" : ""));
      victim::Process process{program, parent};
      const Look look = watch->watch(process.pid());
      ASSERT_EQ(look.seen, Seen::alive);
      EXPECT_EQ(look.who->pid, process.pid());
      EXPECT_GT(look.who->born, 0U);
      EXPECT_EQ(watch->watch(process.pid()).who, look.who) << "twice is once";
      EXPECT_FALSE(signalled());
      EXPECT_TRUE(watch->drain().empty());
      if (row.told.empty()) {
        process.end(row.how);
      } else {
        process.tell(row.told);
      }
      const auto told = ends();
      ASSERT_EQ(told.size(), 1U);
      EXPECT_EQ(told[0].who, *look.who);
      const bool known = kTellsTheStatusOfAll || parent == Parent::test;
      EXPECT_EQ(told[0].cause, known ? row.cause : EndCause::unknown);
      EXPECT_FALSE(signalled());
      EXPECT_TRUE(watch->drain().empty());
      EXPECT_EQ(watch->watch(process.pid()).seen, Seen::gone);
    }
  }
}

TEST_F(ProcessWatchTest, LooksAtTheProgramsName) {
  const std::vector<std::pair<std::string, Seen>> rows{
      {"anydesk", Seen::alive},          {"ANYDESK-acme", Seen::alive}, {"AnyDesk_acme", Seen::alive},
      {"AnyDesk acme)", Seen::alive},    {"any", Seen::not_anydesk},    {"myanydesk", Seen::not_anydesk},
      {"teamviewer", Seen::not_anydesk},
  };
  for (const auto& [name, seen] : rows) {
    SCOPED_TRACE(name);
    // Not the folder's name counts.
    victim::Process process{victim::copy_to(folder.path / "anydesk.d", name)};
    EXPECT_EQ(watch->watch(process.pid()).seen, seen);
    EXPECT_EQ(watch_to_try("teamv")->watch(process.pid()).seen,
              name == "teamviewer" ? Seen::alive : Seen::not_anydesk);
  }
  EXPECT_EQ(watch->watch(own_pid()).seen, Seen::not_anydesk);
}

TEST_F(ProcessWatchTest, APidThatDoesNotExistIsGone) {
  std::uint32_t pid = 0;
  {
    victim::Process process{program, Parent::test};
    pid = process.pid();
    process.end(9);
    process.reap();
  }
  EXPECT_EQ(watch->watch(pid).seen, Seen::gone);
  EXPECT_EQ(watch->watch(0).seen, Seen::gone);
  EXPECT_EQ(watch->watch(0xFFFFFFFF).seen, Seen::gone);
  EXPECT_TRUE(watch->drain().empty());
}

TEST_F(ProcessWatchTest, ForgottenProcessesAreNotTold) {
  victim::Process first{program};
  victim::Process second{program};
  victim::Process third{program};
  for (const auto* process : {&first, &second, &third}) {
    ASSERT_EQ(watch->watch(process->pid()).seen, Seen::alive);
  }
  watch->forget(first.pid());
  watch->forget(own_pid());
  first.end(9);
  second.end(9);
  ASSERT_TRUE(support::eventually([&] { return signalled(); }));
  watch->forget(second.pid());
  third.end(9);
  const auto told = ends();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].who.pid, third.pid());
}

TEST_F(ProcessWatchTest, HundredProcesses) {
  std::map<std::uint32_t, std::unique_ptr<victim::Process>> processes;
  for (int i = 0; i < 100; ++i) {
    auto process = std::make_unique<victim::Process>(program);
    ASSERT_EQ(watch->watch(process->pid()).seen, Seen::alive);
    processes.emplace(process->pid(), std::move(process));
  }
  EXPECT_FALSE(signalled());
  for (const auto& [pid, process] : processes) process->tell("exit 0\n");
  for (const End& end : ends(100)) {
    EXPECT_EQ(end.cause, kTellsTheStatusOfAll ? EndCause::normal : EndCause::unknown);
    EXPECT_EQ(processes.erase(end.who.pid), 1U);
  }
  EXPECT_TRUE(processes.empty());
}

TEST_F(ProcessWatchTest, GoesAwayWithProcessesWatched) {
  victim::Process process{program};
  victim::Process ended{program};
  ASSERT_EQ(watch->watch(process.pid()).seen, Seen::alive);
  ASSERT_EQ(watch->watch(ended.pid()).seen, Seen::alive);
  ended.end(9);
  watch.reset();
  process.end(9);
}

}  // namespace
}  // namespace agent::process
