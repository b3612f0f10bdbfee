// A process of the test's own, under any name, and ways to end it.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace victim {

// The victim program of the build, copied to `folder`/`name`(.exe).
std::filesystem::path copy_to(const std::filesystem::path& folder, const std::string& name);

// Whose child it is.
enum class Parent {
  test,     // Ours, and we do not ask for its status before the object goes: it becomes a zombie.
  another,  // As AnyDesk's processes are. Windows knows no difference.
};

class Process {
 public:
  explicit Process(const std::filesystem::path& program, Parent parent = Parent::another);
  ~Process();  // Kills it.
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::uint32_t pid() const { return pid_; }
  void tell(const std::string& line);  // See victim.cc.
  // POSIX: a signal. Windows: TerminateProcess with this code.
  void end(std::uint32_t how);
  void reap();  // With Parent::test; returns when the process is no more.

 private:
  std::uint32_t pid_ = 0;
#ifdef _WIN32
  void* process_ = nullptr;
  void* input_ = nullptr;
#else
  int input_ = -1;
  int middle_ = -1;  // Its parent, if that is not the test.
#endif
};

}  // namespace victim
