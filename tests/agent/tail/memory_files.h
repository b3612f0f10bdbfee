// Files in memory, with a place to stand between any two operations on them.

#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/tail/file.h"

namespace agent::tail::testing {

struct MemoryFile {
  FileIdentity identity;
  std::string bytes;
};

class MemoryFiles final : public FileSystem {
 public:
  // Called before each operation, and a second time in the middle of each read,
  // with the running number of the call. An error it returns becomes the result
  // of the operation.
  std::function<base::Status(int)> hook;
  // Called before each look at a path.
  std::function<base::Status(const std::string& path)> look_up_hook;
  int operations = 0;
  std::map<std::string, std::shared_ptr<MemoryFile>> at;

  std::shared_ptr<MemoryFile> create(const std::string& path, std::string bytes = {}) {
    auto file = std::make_shared<MemoryFile>(MemoryFile{
        .identity = {.device = 1, .inode = ++inode_, .created_ms = static_cast<std::int64_t>(inode_) * 1000},
        .bytes = std::move(bytes)});
    at[path] = file;
    return file;
  }

  void rename(const std::string& from, const std::string& to) {
    at[to] = at.at(from);
    at.erase(from);
  }

  base::Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
    if (auto ok = step(); !ok) return std::unexpected{ok.error()};
    const auto found = at.find(path);
    if (found == at.end()) return base::fail(base::ErrorCode::not_found, "opening " + path);
    return std::make_unique<Open>(*this, found->second);
  }

  base::Result<FileState> look_up(const std::string& path) override {
    if (auto ok = step(); !ok) return std::unexpected{ok.error()};
    if (look_up_hook) {
      if (auto ok = look_up_hook(path); !ok) return std::unexpected{ok.error()};
    }
    const auto found = at.find(path);
    if (found == at.end()) return base::fail(base::ErrorCode::not_found, "looking at " + path);
    return state_of(*found->second);
  }

  base::Result<std::vector<std::string>> list(const std::string& folder) override {
    if (auto ok = step(); !ok) return std::unexpected{ok.error()};
    const std::string prefix = folder == "/" || folder.ends_with('\\') ? folder : folder + separator;
    std::set<std::string> names;
    for (const auto& [path, file] : at) {
      if (!path.starts_with(prefix)) continue;
      const std::string rest = path.substr(prefix.size());
      names.insert(rest.substr(0, rest.find(separator)));
    }
    if (names.empty()) return base::fail(base::ErrorCode::not_found, "listing " + folder);
    return std::vector<std::string>{names.begin(), names.end()};
  }

  char separator = '/';

 private:
  class Open final : public ReadableFile {
   public:
    Open(MemoryFiles& files, std::shared_ptr<MemoryFile> file) : files_(files), file_(std::move(file)) {}

    base::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
      if (auto ok = files_.step(); !ok) return std::unexpected{ok.error()};
      // A read is not one moment: its second half may see a later file.
      const std::size_t half = into.size() / 2;
      const std::size_t first = copy(offset, into.first(half));
      if (auto ok = files_.step(); !ok) return std::unexpected{ok.error()};
      if (first < half) return first;
      return first + copy(offset + half, into.subspan(half));
    }

    base::Result<FileState> state() override {
      if (auto ok = files_.step(); !ok) return std::unexpected{ok.error()};
      return state_of(*file_);
    }

   private:
    std::size_t copy(std::uint64_t offset, std::span<char> into) const {
      const std::string& bytes = file_->bytes;
      if (offset >= bytes.size()) return 0;
      return bytes.copy(into.data(), into.size(), static_cast<std::size_t>(offset));
    }

    MemoryFiles& files_;
    std::shared_ptr<MemoryFile> file_;
  };

  static FileState state_of(const MemoryFile& file) {
    return FileState{.identity = file.identity, .size = file.bytes.size(), .mtime_ns = 0};
  }

  base::Status step() {
    const int number = operations++;
    return hook ? hook(number) : base::Status{};
  }

  std::uint64_t inode_ = 0;
};

}  // namespace agent::tail::testing
