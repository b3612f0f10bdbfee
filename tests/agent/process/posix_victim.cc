#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

#include "tests/agent/process/victim.h"

namespace victim {

namespace {

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"pipe2"};
  return ends;
}

[[noreturn]] void become(const char* program, int input, int output) {
  ::dup2(input, 0);
  ::dup2(output, 1);
  ::execl(program, program, nullptr);
  ::_exit(127);
}

}  // namespace

std::filesystem::path copy_to(const std::filesystem::path& folder, const std::string& name) {
  const auto own = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(own / "agent_process_victim", folder / name,
                             std::filesystem::copy_options::overwrite_existing);
  return folder / name;
}

Process::Process(const std::filesystem::path& program, Parent parent) {
  const auto input = make_pipe();
  const auto output = make_pipe();
  const auto number = make_pipe();
  const std::string path = program.string();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error{"fork"};
  if (child == 0) {
    if (parent == Parent::test) become(path.c_str(), input[0], output[1]);
    const pid_t grandchild = ::fork();
    if (grandchild == 0) become(path.c_str(), input[0], output[1]);
    if (::write(number[1], &grandchild, sizeof grandchild) != sizeof grandchild) ::_exit(1);
    ::close(input[1]);
    ::waitpid(grandchild, nullptr, 0);
    ::_exit(0);
  }
  pid_t pid = child;
  if (parent == Parent::another) {
    middle_ = child;
    if (::read(number[0], &pid, sizeof pid) != sizeof pid) throw std::runtime_error{"no grandchild"};
  }
  pid_ = static_cast<std::uint32_t>(pid);
  input_ = input[1];
  for (const int end : {input[0], output[1], number[0], number[1]}) ::close(end);
  // Its name and program are those of the copy from now on.
  char ready = 0;
  const auto got = ::read(output[0], &ready, 1);
  ::close(output[0]);
  if (got != 1) throw std::runtime_error{"the victim did not start"};
}

Process::~Process() {
  if (input_ >= 0) ::close(input_);
  if (pid_ != 0) ::kill(static_cast<pid_t>(pid_), SIGKILL);
  ::waitpid(middle_ >= 0 ? middle_ : static_cast<pid_t>(pid_), nullptr, 0);
}

void Process::tell(const std::string& line) {
  if (::write(input_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error{"the victim does not listen"};
  }
  ::close(input_);
  input_ = -1;
}

void Process::end(std::uint32_t how) {
  ::kill(static_cast<pid_t>(pid_), static_cast<int>(how));
}

void Process::reap() {
  ::waitpid(static_cast<pid_t>(pid_), nullptr, 0);
  pid_ = 0;
}

}  // namespace victim
