// Follows one growing file across cuts, rotations and restarts: every line once,
// in file order.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/tail/counters.h"
#include "agent/tail/file.h"
#include "agent/tail/line_splitter.h"
#include "agent/tail/position.h"
#include "agent/tail/resync.h"
#include "agent/tail/sink.h"
#include "common/base/result.h"

namespace agent::tail {

enum class ReadState {
  caught_up,  // Nothing more is there now. Read again after a change.
  more,       // The limit was reached. Read again at once if you like.
  settling,   // The file is changing or leaving its path. Read again after kSettleDelay.
  missing,    // No file at the path. Read again after a change.
};

inline constexpr std::chrono::milliseconds kSettleDelay{100};

// One thread. The file system must outlive the follower.
//
// Not seen, because nothing in the file tells: lines that a second writer puts
// into a hole in front of our position; a cut that takes away exactly what a
// repetition of the same 4,096 bytes hides; and a second cut in progress that
// stands still for kLooksMax looks. A writer that goes on in another encoding in
// the same file is understood again after the next gap.
class Follower {
 public:
  // `stored`: where an earlier follower of this path stopped; none: from the
  // beginning of the file, without what is left of a cut first line.
  Follower(FileSystem& files, std::string path, std::optional<Position> stored, CutShape cut = {});

  // One step: never sleeps; reads about `bytes_max` new bytes (at least one
  // block), or, after a change, the file once (at most 2 * kLookBytesMax). On an
  // error nothing is lost and the same call may be made again; lines handed out
  // before it are in position(). not_found is no error but `missing`.
  [[nodiscard]] base::Result<ReadState> read(Sink& sink, std::size_t bytes_max);

  // The file is closed for good: hands out a last line without LF as partial.
  // The follower is not to be used afterwards, except for position().
  void finish(Sink& sink);

  // Behind the last line handed out; commit it together with what the lines
  // became. None until the file was seen for the first time.
  [[nodiscard]] const std::optional<Position>& position() const { return position_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  enum class Block { data, end, changed };

  [[nodiscard]] base::Result<bool> attach();
  [[nodiscard]] base::Result<std::unique_ptr<ReadableFile>> rotated_away() const;
  [[nodiscard]] base::Result<ReadState> follow(Sink& sink, std::size_t bytes_max);
  [[nodiscard]] base::Result<Block> read_block(Sink& sink);
  [[nodiscard]] base::Result<bool> still_there(std::uint64_t offset, std::string_view bytes);
  [[nodiscard]] base::Result<bool> left_its_path();
  [[nodiscard]] base::Result<ReadState> at_end(Sink& sink);
  [[nodiscard]] base::Result<ReadState> resynchronise(Sink& sink);
  [[nodiscard]] base::Status go_on(const Resync::Finding& finding, Sink& sink);
  void start_at(Position position);
  void begin_resync();
  void take_lines(std::string_view raw, bool at_end, Sink& sink);

  FileSystem& files_;
  std::string path_;
  CutShape cut_;
  Counters counters_;

  std::unique_ptr<ReadableFile> file_;
  FileIdentity file_identity_;  // Of `file_`; position_ may still speak of the one before.
  std::optional<Position> position_;
  std::uint64_t size_seen_ = 0;  // The largest size of the file that position_ speaks of.
  std::uint64_t cursor_ = 0;     // Physical; behind the last byte given to the splitter.
  std::string tail_;             // The last <= kAnchorBytesMax raw bytes before `cursor_`.
  LineSplitter splitter_{0, false};
  std::optional<Resync> resync_;  // While the content is not trusted.
  int times_left_ = 0;            // Ends seen in a row while the path led elsewhere.
  std::vector<char> buffer_;
};

}  // namespace agent::tail
