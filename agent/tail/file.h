// The only way this room touches the disk. It cannot write, rename or lock:
// trace files belong to AnyDesk, which keeps them open (traces.md section 9.17).

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace agent::tail {

// Inodes are reused and device numbers change over a reboot, so an identity is
// a hint; the anchor in Position is the proof.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t created_ms = 0;  // UTC; 0 where the file system does not tell.

  // Creation times count only where both are known.
  friend bool operator==(const FileIdentity& a, const FileIdentity& b) {
    const bool created_agrees = a.created_ms == 0 || b.created_ms == 0 || a.created_ms == b.created_ms;
    return a.device == b.device && a.inode == b.inode && created_agrees;
  }
};

struct FileState {
  FileIdentity identity;
  std::uint64_t size = 0;  // Bytes.
  std::int64_t mtime_ns = 0;
};

// An open file. It stays readable after the path was renamed or deleted.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  // Bytes read, fewer than asked for only at the end of the file; 0 behind it.
  [[nodiscard]] virtual base::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) = 0;
  [[nodiscard]] virtual base::Result<FileState> state() = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // not_found: nothing there. permission_denied: not ours to read, or a
  // symbolic link. invalid_argument: no regular file. Else unavailable.
  [[nodiscard]] virtual base::Result<std::unique_ptr<ReadableFile>> open(const std::string& path) = 0;
  // The file that stands at `path` now, by the same errors.
  [[nodiscard]] virtual base::Result<FileState> look_up(const std::string& path) = 0;
  // Names in a folder, sorted, without "." and "..". Same errors.
  [[nodiscard]] virtual base::Result<std::vector<std::string>> list(const std::string& folder) = 0;
};

}  // namespace agent::tail
