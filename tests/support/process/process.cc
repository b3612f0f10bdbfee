#include "tests/support/process/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace support {

namespace {

[[noreturn]] void give_up(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor(int number, const std::string& what) : number_{number} {
    if (number_ < 0) give_up(what);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number_); }
  int number() const { return number_; }

 private:
  int number_;
};

Descriptor open_to_append(const std::filesystem::path& path) {
  return {::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600), "opening " + path.string()};
}

}  // namespace

Process::Process(const Command& command, const std::filesystem::path& output,
                 const std::filesystem::path& errors) {
  const Descriptor in{::open("/dev/null", O_RDONLY | O_CLOEXEC), "opening /dev/null"};
  const Descriptor out = open_to_append(output), err = open_to_append(errors);
  // Everything that allocates happens before the fork.
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) give_up("fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::dup2(in.number(), STDIN_FILENO);
    ::dup2(out.number(), STDOUT_FILENO);
    ::dup2(err.number(), STDERR_FILENO);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  // By its number: glibc 2.36 declares the function for C only.
  descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (descriptor_ < 0) {
    const int error = errno;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    errno = error;
    give_up("pidfd_open");
  }
}

Process::~Process() {
  kill();
  ::close(descriptor_);
}

void Process::send(int signal) {
  if (!ended_) ::kill(pid_, signal);
}

void Process::kill() {
  send(SIGKILL);
  // A process that is killed ends as soon as the disk lets go of it.
  while (!wait(std::chrono::seconds{60})) {
  }
}

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
  if (ended_) return ended_;
  pollfd ended{.fd = descriptor_, .events = POLLIN, .revents = 0};
  if (::poll(&ended, 1, static_cast<int>(limit.count())) <= 0) return std::nullopt;
  int status = 0;
  rusage usage{};
  if (::wait4(pid_, &status, 0, &usage) != pid_) give_up("wait4");
  peak_rss_kib_ = usage.ru_maxrss;
  ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_;
}

Finished run(const Command& command, std::chrono::milliseconds limit) {
  // Files in memory: what is printed never blocks, and nothing has to be read meanwhile.
  const Descriptor out{::memfd_create("out", MFD_CLOEXEC), "memfd_create"};
  const Descriptor err{::memfd_create("err", MFD_CLOEXEC), "memfd_create"};
  const auto path = [](const Descriptor& file) { return "/proc/self/fd/" + std::to_string(file.number()); };
  Process process{command, path(out), path(err)};
  const auto code = process.wait(limit);
  Finished finished{.exit_code = code.value_or(-1), .out = read_file(path(out)), .err = read_file(path(err))};
  if (!code) {
    throw std::runtime_error{command.front() + " did not end in time; it printed: " + finished.out +
                             finished.err};
  }
  return finished;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace support
