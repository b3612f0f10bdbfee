// A real file system of a few MiB, for what happens when it is full. Linux, and only for root.

#pragma once

#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

namespace outbox_tests {

class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder, int mebibytes) : folder_{std::move(folder)} {
    std::filesystem::create_directories(folder_);
    // In a mount namespace of our own, which ends with the test whatever happens.
    const std::string size = "size=" + std::to_string(mebibytes) + "m";
    const bool mounted = ::unshare(CLONE_NEWNS) == 0 &&
                         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, size.c_str()) == 0;
    if (!mounted) why_not_ = std::string{"no small file system can be mounted here: "} + std::strerror(errno);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (why_not_.empty()) ::umount2(folder_.c_str(), MNT_DETACH);
  }

  // Empty: it is there.
  const std::string& why_not() const { return why_not_; }

  // Takes all that is free.
  void fill() const {
    std::ofstream file{filler(), std::ios::binary | std::ios::app};
    const std::string block(4096, 'f');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void free_space() const { std::filesystem::remove(filler()); }
  std::uint64_t free_bytes() const { return std::filesystem::space(folder_).available; }

 private:
  std::filesystem::path filler() const { return folder_ / "filler"; }

  std::filesystem::path folder_;
  std::string why_not_;
};

}  // namespace outbox_tests
