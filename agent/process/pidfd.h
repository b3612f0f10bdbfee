// A Linux pidfd: a descriptor that means one process for ever, whatever becomes of its number
// (pidfd_open(2)).

#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <utility>

namespace agent::process {

class Pidfd {
 public:
  // The errno of pidfd_open. ESRCH: no process has this pid. EINVAL, ENOENT: a thread has it, or it is 0.
  static std::expected<Pidfd, int> open(std::uint32_t pid);
  ~Pidfd();
  Pidfd(Pidfd&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  Pidfd& operator=(Pidfd&&) = delete;

  // Becomes readable when the process ends, and hangs up when its parent has asked for its status.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool ended() const;

  enum class Told { yes, not_yet, never };
  struct Exit {
    Told told = Told::never;
    int wait_status = 0;  // With `yes`.
  };
  // Kernels since 6.15 tell the status to everybody who holds the pidfd, from when the parent has asked
  // (`not_yet` before). `never`: an older kernel.
  [[nodiscard]] Exit exit() const;

 private:
  explicit Pidfd(int descriptor) : descriptor_{descriptor} {}
  int descriptor_;
};

}  // namespace agent::process
