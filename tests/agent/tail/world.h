// AnyDesk's side of a trace file, and the model that knows every line it wrote.

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "agent/tail/follower.h"
#include "tests/agent/tail/memory_files.h"
#include "tests/agent/tail/utf16.h"

namespace agent::tail::testing {

inline constexpr auto kPath = "/var/log/anydesk.trace";

// The n-th line of a trace; no two are alike.
inline std::string trace_line(int n) {
  char text[160];
  std::snprintf(text, sizeof text,
                "   info 2026-03-0%d 10:%02d:%02d.%03d  lsvc  1234  app.session - number %06d",
                1 + n / 3'600'000 % 9, n / 60'000 % 60, n / 1000 % 60, n % 1000, n);
  return std::string{text} + std::string(static_cast<std::size_t>(n * 7 % 40), 'x');
}

struct Collected final : Sink {
  std::vector<std::string> lines;
  std::vector<Gap> gaps;
  std::vector<std::size_t> gap_after;  // How many lines were there before each gap.
  std::vector<bool> partial;
  std::optional<std::uint64_t> last_offset;

  void on_line(const Line& line) override {
    if (last_offset) {
      EXPECT_GT(line.offset, *last_offset) << "logical offsets never repeat: " << line.text;
    }
    last_offset = line.offset;
    lines.emplace_back(line.text);
    partial.push_back(line.partial);
  }
  void on_gap(const Gap& gap) override {
    gaps.push_back(gap);
    gap_after.push_back(lines.size());
  }
};

// Reads until nothing more comes. Every state is reached in a bounded number of steps.
inline void drain(Follower& follower, Sink& sink, std::size_t bytes_max = 1 << 20) {
  for (int step = 0; step < 500; ++step) {
    const auto state = follower.read(sink, bytes_max);
    if (!state) continue;
    if (*state == ReadState::caught_up || *state == ReadState::missing) return;
  }
  ADD_FAILURE() << "the follower does not come to rest";
}

// Follows with what a restart of the agent leaves: the encoded position.
inline Follower restarted(const Follower& follower, FileSystem& files, CutShape cut) {
  std::optional<Position> position;
  if (follower.position()) position = decode(encode(*follower.position())).value();
  return Follower{files, follower.path(), std::move(position), cut};
}

// A cut as AnyDesk does it, in steps: the tail is copied to the front piece by
// piece, then the file is truncated.
class SlowCut {
 public:
  SlowCut(MemoryFile& file, std::size_t cut_bytes, std::size_t piece_bytes)
      : file_(file), kept_(file.bytes.substr(cut_bytes)), piece_bytes_(piece_bytes) {}

  // False once the cut is complete.
  bool advance() {
    if (done_) return false;
    if (copied_ == kept_.size()) {
      file_.bytes.resize(kept_.size());
      done_ = true;
      return false;
    }
    const std::size_t piece = std::min(piece_bytes_, kept_.size() - copied_);
    file_.bytes.replace(copied_, piece, kept_, copied_, piece);
    copied_ += piece;
    return true;
  }
  void complete() {
    while (advance()) {
    }
  }

 private:
  MemoryFile& file_;
  std::string kept_;
  std::size_t piece_bytes_;
  std::size_t copied_ = 0;
  bool done_ = false;
};

// A line as AnyDesk writes it on Linux, and as it would in UTF-16LE on Windows.
inline std::string line_bytes(const std::string& line, Encoding encoding) {
  return encoding == Encoding::utf16le ? utf16_bytes(line + "\r\n") : line + "\n";
}

struct World {
  MemoryFiles files;
  std::shared_ptr<MemoryFile> file = files.create(kPath);
  std::vector<std::string> written;
  Encoding encoding = Encoding::eight_bit;

  void write_line(std::string line) {
    file->bytes += line_bytes(line, encoding);
    written.push_back(std::move(line));
  }
  void write(int lines) {
    for (int i = 0; i < lines; ++i) write_line(trace_line(static_cast<int>(written.size())));
  }
  void cut(std::size_t bytes) { file->bytes.erase(0, bytes); }
  // Writes one line where the file used to end, as a second process does.
  void write_at(std::size_t offset) {
    file->bytes.resize(std::max(file->bytes.size(), offset), '\0');
    write(1);
  }
};

}  // namespace agent::tail::testing
