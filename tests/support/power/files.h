// The system's calls for files, on a Disk (disk.h): what a room's own code opens, writes, syncs, renames and
// removes below kFolder is on the disk and nowhere else; every other path is the system's.
//
// Done by the linker (--wrap), in each program that links support_power_files. Linux only, one thread.

#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/power/disk.h"

namespace support::power {

class Files {
 public:
  // There is no such folder outside of the disk.
  static constexpr const char* kFolder = "/on-the-disk";

  // Until its end; one at a time. The disk must outlive it.
  explicit Files(Disk& disk);
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files();

  // What a reader sees at this moment, without a call that the disk counts; nothing if there is no such file.
  std::optional<std::string> seen(const std::filesystem::path& path) const;

 private:
  Disk& disk_;
};

}  // namespace support::power
