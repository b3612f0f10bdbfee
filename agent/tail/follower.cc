#include "agent/tail/follower.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

namespace agent::tail {

namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;

// A writer may hold the old file for a moment after a rename, so its end has to
// be seen twice before it is left.
constexpr int kEndsBeforeLeaving = 2;

std::string last_of(std::string_view bytes) {
  return std::string{bytes.substr(bytes.size() - std::min(bytes.size(), kAnchorBytesMax))};
}

}  // namespace

Follower::Follower(FileSystem& files, std::string path, std::optional<Position> stored, CutShape cut)
    : files_(files), path_(std::move(path)), cut_(cut), position_(std::move(stored)) {}

base::Result<ReadState> Follower::read(Sink& sink, std::size_t bytes_max) {
  if (!file_) {
    const auto present = attach();
    if (!present) return std::unexpected{present.error()};
    if (!*present) return ReadState::missing;
  }
  return resync_ ? resynchronise(sink) : follow(sink, bytes_max);
}

base::Result<bool> Follower::attach() {
  auto opened = files_.open(path_);
  if (!opened) {
    if (opened.error().code == base::ErrorCode::not_found) return false;
    return std::unexpected{opened.error()};
  }
  const auto state = (*opened)->state();
  if (!state) return std::unexpected{state.error()};

  std::unique_ptr<ReadableFile> file = std::move(*opened);
  FileIdentity identity = state->identity;
  bool trusted = true;
  if (!position_) {
    const auto mid_line = starts_mid_line(*file, cut_);
    if (!mid_line) return std::unexpected{mid_line.error()};
    position_ = Position{.identity = identity,
                         .offset = 0,
                         .cut_bytes = 0,
                         .anchor = {},
                         .mid_line = *mid_line,
                         .drained = false,
                         .encoding = Encoding::undecided};
  } else if (!(identity == position_->identity)) {
    trusted = false;
    if (!position_->drained) {
      auto old = rotated_away();
      if (!old) return std::unexpected{old.error()};
      if (*old) {
        file = std::move(*old);
        identity = position_->identity;
        trusted = true;
      }
    }
  }
  file_ = std::move(file);
  file_identity_ = identity;
  times_left_ = 0;
  if (!trusted) {
    resync_.emplace(cut_);
    return true;
  }
  Position position = *position_;
  position.drained = false;
  start_at(std::move(position));
  return true;
}

// The file we were reading, under another name in the same folder: it was
// renamed while nobody held it open. An inode can be reused, so the anchor must
// stand at its place, too. Null if there is none.
base::Result<std::unique_ptr<ReadableFile>> Follower::rotated_away() const {
  const std::size_t slash = path_.find_last_of("/\\");
  if (slash == std::string::npos || position_->anchor.empty()) return nullptr;
  const auto names = files_.list(path_.substr(0, slash));
  if (!names) return nullptr;
  for (const std::string& name : *names) {
    const std::string path = path_.substr(0, slash + 1) + name;
    if (name.find(".trace") == std::string::npos || path == path_) continue;
    const auto state = files_.look_up(path);
    if (!state || !(state->identity == position_->identity)) continue;
    auto opened = files_.open(path);
    if (!opened) return std::unexpected{opened.error()};
    std::string bytes(position_->anchor.size(), '\0');
    const auto got = (*opened)->read_at(position_->offset - bytes.size(), std::span{bytes});
    if (!got) return std::unexpected{got.error()};
    if (*got == bytes.size() && bytes == position_->anchor) return std::move(*opened);
  }
  return nullptr;
}

void Follower::start_at(Position position) {
  position_ = std::move(position);
  cursor_ = position_->offset;
  tail_ = position_->anchor;
  splitter_ = LineSplitter{position_->logical(), position_->mid_line, position_->encoding};
  resync_.reset();
  times_left_ = 0;
}

void Follower::begin_resync() {
  ++counters_.resyncs;
  resync_.emplace(cut_);
}

base::Result<ReadState> Follower::follow(Sink& sink, std::size_t bytes_max) {
  const auto state = file_->state();
  if (!state) return std::unexpected{state.error()};
  if (state->size < size_seen_ || state->size < cursor_) {
    begin_resync();
    return ReadState::settling;
  }
  size_seen_ = state->size;
  const std::uint64_t from = cursor_;
  do {
    const auto block = read_block(sink);
    if (!block) return std::unexpected{block.error()};
    if (*block == Block::end) return at_end(sink);
    if (*block == Block::changed) {
      begin_resync();
      return ReadState::settling;
    }
  } while (cursor_ - from < bytes_max);
  times_left_ = 0;
  return ReadState::more;
}

// Reads [tail][new data] in one go and afterwards the tail once more. The file
// is rewritten from front to back, and the tail lies in front of the data: if
// it still stands after the data was read, the data had not been touched.
base::Result<Follower::Block> Follower::read_block(Sink& sink) {
  buffer_.resize(kAnchorBytesMax + kBlockBytes);
  const std::uint64_t start = cursor_ - tail_.size();
  const auto got = file_->read_at(start, std::span{buffer_}.first(tail_.size() + kBlockBytes));
  if (!got) return std::unexpected{got.error()};
  const std::string_view raw{buffer_.data(), *got};
  if (!raw.starts_with(tail_)) return Block::changed;
  if (raw.size() == tail_.size()) return Block::end;

  // At the beginning of a file there is no tail: then the data's own head serves.
  const auto unchanged = still_there(start, raw.substr(0, kAnchorBytesMax));
  if (!unchanged) return std::unexpected{unchanged.error()};
  if (!*unchanged) return Block::changed;
  if (cursor_ != position_->offset) {
    // The tail may be in the middle of a hole, where every place looks alike.
    const auto anchored = still_there(position_->offset - position_->anchor.size(), position_->anchor);
    if (!anchored) return std::unexpected{anchored.error()};
    if (!*anchored) return Block::changed;
  }
  take_lines(raw, raw.size() < tail_.size() + kBlockBytes, sink);
  return Block::data;
}

base::Result<bool> Follower::still_there(std::uint64_t offset, std::string_view bytes) {
  std::string now(bytes.size(), '\0');
  const auto got = file_->read_at(offset, std::span{now});
  if (!got) return std::unexpected{got.error()};
  return *got == bytes.size() && now == bytes;
}

// `raw` begins with tail_.
void Follower::take_lines(std::string_view raw, bool at_end, Sink& sink) {
  // What waits for its encoding is still in `raw` when its lines come, and with it their anchor.
  static_assert(kSniffBytesMax <= kAnchorBytesMax);
  const std::uint64_t raw_start = cursor_ - tail_.size();
  const std::string_view data = raw.substr(tail_.size());
  const auto take = [&](const Line& line) {
    ++counters_.lines;
    counters_.overlong_lines += line.overlong ? 1 : 0;
    position_->trail.add(line.text);
    sink.on_line(line);
  };
  splitter_.feed(data, take);
  if (at_end) splitter_.pause(take);
  cursor_ += data.size();
  size_seen_ = std::max(size_seen_, cursor_);
  counters_.bytes += data.size();
  counters_.nul_bytes += splitter_.take_nul_bytes();
  tail_ = last_of(raw);

  const std::uint64_t line_start = splitter_.line_start() - position_->cut_bytes;
  if (line_start == position_->offset) return;
  position_->offset = line_start;
  position_->mid_line = false;
  position_->encoding = splitter_.encoding();
  position_->anchor = last_of(raw.substr(0, static_cast<std::size_t>(line_start - raw_start)));
}

// True once the path has led to another file, or to none, often enough.
base::Result<bool> Follower::left_its_path() {
  const auto now = files_.look_up(path_);
  const bool gone = !now && now.error().code == base::ErrorCode::not_found;
  const bool other = now && !(now->identity == file_identity_);
  // Any other failure to look says nothing about the file we hold.
  times_left_ = gone || other ? times_left_ + 1 : 0;
  return times_left_ >= kEndsBeforeLeaving;
}

base::Result<ReadState> Follower::at_end(Sink& sink) {
  const auto left = left_its_path();
  if (!left) return std::unexpected{left.error()};
  if (!*left) return times_left_ > 0 ? ReadState::settling : ReadState::caught_up;
  // The handle is closed, so that a deleted file does not keep its name on Windows.
  finish(sink);
  position_->drained = true;
  file_.reset();
  return ReadState::settling;
}

void Follower::finish(Sink& sink) {
  if (!position_ || !file_ || resync_) return;
  splitter_.finish([&](const Line& line) {
    ++counters_.lines;
    counters_.overlong_lines += line.overlong ? 1 : 0;
    sink.on_line(line);
  });
  position_->offset = cursor_;
  position_->encoding = splitter_.encoding();
  position_->anchor = tail_;
}

base::Result<ReadState> Follower::resynchronise(Sink& sink) {
  const auto state = file_->state();
  if (!state) return std::unexpected{state.error()};
  if (state->size == 0) {
    // Nothing to search yet: it may be filled again with what we know.
    resync_->restart();
    const auto left = left_its_path();
    if (!left) return std::unexpected{left.error()};
    if (*left) {
      file_.reset();
      resync_.reset();
    }
    return times_left_ > 0 ? ReadState::settling : ReadState::caught_up;
  }
  const auto finding = resync_->look(*file_, *position_, size_seen_);
  if (!finding) return std::unexpected{finding.error()};
  if (!*finding) return ReadState::settling;
  if (const auto went_on = go_on(**finding, sink); !went_on) return std::unexpected{went_on.error()};
  return ReadState::more;
}

base::Status Follower::go_on(const Resync::Finding& finding, Sink& sink) {
  const bool same_file = file_identity_ == position_->identity;
  const std::uint64_t logical = position_->logical();
  Position next{.identity = file_identity_,
                .offset = 0,
                .cut_bytes = logical,
                .anchor = {},
                .mid_line = false,
                .drained = false,
                .encoding = Encoding::undecided};
  std::optional<Gap> gap;
  if (finding.offset) {
    next.encoding = position_->encoding;
    next.trail = position_->trail;
    next.offset = *finding.offset;
    next.cut_bytes = std::max(logical, next.offset) - next.offset;
    next.anchor = finding.anchor;
    if (same_file && next.offset < position_->offset) ++counters_.cuts_survived;
  } else {
    const auto mid_line = starts_mid_line(*file_, cut_);
    if (!mid_line) return std::unexpected{mid_line.error()};
    // A file that was not cut yet begins with a whole line (traces.md section 1.5).
    next.mid_line = same_file ? finding.size >= cut_.keep_bytes : *mid_line;
    if (same_file || !position_->drained) {
      const std::uint64_t unread = std::max(size_seen_, position_->offset) - position_->offset;
      gap = Gap{.after_logical_offset = logical,
                .bytes_lost_min = unread,
                .cause = same_file ? GapCause::anchor_not_found : GapCause::file_replaced};
      next.cut_bytes += unread;
    }
  }
  if (!finding.settled) ++counters_.unsettled;
  if (!same_file && !gap) ++counters_.rotations;
  size_seen_ = finding.size;
  start_at(std::move(next));
  if (gap) {
    ++counters_.gaps;
    sink.on_gap(*gap);
  }
  return {};
}

}  // namespace agent::tail
