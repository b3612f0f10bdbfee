// One trace file that several processes write, each with its own idea of where
// the file ends (traces.md section 1.5).
//
// Nobody opens it for appending. A write that takes the file above the limit
// leads to a cut, by the writer itself or by another process. In that case the
// writer goes on where the file used to end, and a hole of NUL bytes is left.

#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "tests/support/trace/replay.h"

namespace support::trace {

// The file is made if it is not there. Errors: unavailable.
class SharedFile {
 public:
  SharedFile(std::string path, CutRule rule);

  [[nodiscard]] base::Status write(std::uint32_t writer, std::string_view bytes);

  // A cut is due, or in progress: nobody writes until it is done.
  bool cut_due() const { return rule_.at_bytes != 0 && size_ > rule_.at_bytes; }
  // One piece of it: `bytes` more are copied to the front; after the last one the file is truncated, in a
  // step of its own. `by_other`: not the process that wrote last does it.
  [[nodiscard]] base::Status cut_piece(std::uint64_t bytes, bool by_other);

  // What was written last never reached the disk: its bytes are NUL.
  [[nodiscard]] base::Status blank_end(std::uint64_t bytes);

  std::uint64_t size() const { return size_; }
  std::uint64_t cuts() const { return cuts_; }
  std::uint64_t holes() const { return holes_; }

 private:
  [[nodiscard]] base::Status put(std::uint64_t offset, std::string_view bytes);

  std::string path_;
  CutRule rule_;
  std::fstream file_;
  std::uint64_t size_ = 0;
  std::uint32_t last_writer_ = 0;
  std::map<std::uint32_t, std::uint64_t> stale_ends_;  // Of writers that have not seen the cut.
  std::vector<char> kept_;                             // While a cut is in progress.
  std::uint64_t copied_ = 0;
  std::uint64_t cuts_ = 0;
  std::uint64_t holes_ = 0;
};

}  // namespace support::trace
