// AnyDesk writing its trace while an agent reads it.

#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "tests/support/site/site.h"
#include "tests/support/trace/replay.h"

namespace support {

// AnyDesk's own head cut.
inline constexpr trace::CutRule kHeadCut{.at_bytes = trace::kHeadCutAtBytes,
                                         .keep_bytes = trace::kHeadCutKeepBytes};

// Appends `text` to the site's trace in pieces that end anywhere, also in the
// middle of a line. As in life, the agent has time to read: no more than
// kUnreadBytesMax are ever ahead of it, so that no cut takes what it has not seen.
class LiveTrace {
 public:
  static constexpr std::uint64_t kUnreadBytesMax = 400'000;

  LiveTrace(const Site& site, std::string text, trace::CutRule cut, std::uint64_t seed);

  // Appends until `offset` of the text is written. Throws if the agent does not follow.
  void write_to(std::size_t offset);
  void write_all() { write_to(text_.size()); }
  // Without looking whether the agent follows.
  void write_blindly_to(std::size_t offset);

  const std::string& text() const { return text_; }
  std::size_t written() const { return written_; }
  bool done() const { return written_ == text_.size(); }

 private:
  void write_piece(std::size_t end);
  std::uint64_t read_by_agent() const;

  const Site& site_;
  std::string text_;
  trace::LiveFile file_;
  std::mt19937_64 random_;
  std::size_t written_ = 0;
  std::uint64_t read_ = 0;  // By the agent, when it was last asked.
};

}  // namespace support
