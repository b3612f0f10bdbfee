// A program as a child process: started without a shell, with a limit on every
// wait, and gone when its object is, even if the test itself is killed.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace support {

using Command = std::vector<std::string>;  // The program's path and its arguments.

// Throws std::system_error if the system refuses to start it. Linux only.
class Process {
 public:
  // Standard input is empty; standard output and error are appended to `output` and `errors`. The child is
  // killed when the thread that started it ends.
  Process(const Command& command, const std::filesystem::path& output, const std::filesystem::path& errors);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  // Kills it.

  pid_t pid() const { return pid_; }
  bool running() { return !wait(std::chrono::milliseconds{0}); }

  void send(int signal);
  // SIGKILL; returns when the process is no more.
  void kill();

  // The exit code, or 128 + the number of the signal that ended it; nothing if it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit);

  // The most memory it ever had in RAM, in KiB; 0 while it runs.
  std::int64_t peak_rss_kib() const { return peak_rss_kib_; }

 private:
  pid_t pid_ = -1;
  int descriptor_ = -1;  // Becomes readable when the process ends.
  std::optional<int> ended_;
  std::int64_t peak_rss_kib_ = 0;
};

struct Finished {
  int exit_code = 0;
  std::string out;
  std::string err;
};

// Runs a command to its end. Throws std::runtime_error, with what it printed, if that takes longer than
// `limit`.
Finished run(const Command& command, std::chrono::milliseconds limit = std::chrono::seconds{60});

// The whole file; empty if there is none.
std::string read_file(const std::filesystem::path& path);

}  // namespace support
