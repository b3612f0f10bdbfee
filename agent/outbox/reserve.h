// Room on the disk that is kept for the moment when there is none.
//
// A file of real blocks beside the outbox (`outbox.db.reserve`). When the disk
// is full it is given up, so that the acknowledgements and the status, which
// are small, can still be written; new records are not, because the trace
// itself is their buffer. It is made again when there is space.
//
// Used by Outbox alone, on its thread.

#pragma once

#include <cstdint>
#include <filesystem>

#include "common/base/result.h"

namespace agent::outbox {

inline constexpr std::uint64_t kReserveBytes = std::uint64_t{4} * 1024 * 1024;

class Reserve {
 public:
  // `bytes` 0: there is none and nothing is ever made.
  Reserve(std::filesystem::path path, std::uint64_t bytes) : path_{std::move(path)}, bytes_{bytes} {}

  // Makes it, or does nothing if it is there. resource_exhausted if the disk has not that much and
  // kSpareBytes more; then what was made of it is gone again.
  [[nodiscard]] base::Status fill() const;
  // Gives it up. False if there was none.
  bool release() const;

  std::uint64_t bytes() const { return bytes_; }

  // What must be free besides: a reserve that takes the last block helps nobody.
  static constexpr std::uint64_t kSpareBytes = std::uint64_t{1} * 1024 * 1024;

 private:
  std::filesystem::path path_;
  std::uint64_t bytes_;
};

}  // namespace agent::outbox
