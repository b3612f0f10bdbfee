#include "agent/tail/resync.h"

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

#include "agent/tail/anchor.h"
#include "agent/tail/trail.h"

namespace agent::tail {

base::Result<std::optional<std::string>> Resync::content(ReadableFile& file, std::uint64_t size) {
  constexpr std::size_t kBlockBytes = 256 * 1024;
  // Twice the limit: the second look sees what was appended since the first.
  std::string bytes(static_cast<std::size_t>(std::min(size - start_, 2 * kLookBytesMax)), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const std::size_t wanted = std::min(kBlockBytes, bytes.size() - done);
    const auto got = file.read_at(start_ + done, std::span{bytes}.subspan(done, wanted));
    if (!got) return std::unexpected{got.error()};
    if (*got < wanted) return std::nullopt;
    done += *got;
  }
  return bytes;
}

base::Result<std::optional<Resync::Finding>> Resync::look(ReadableFile& file, const Position& from,
                                                          std::uint64_t size_seen) {
  const auto state = file.state();
  if (!state) return std::unexpected{state.error()};
  if (!seen_) start_ = state->size > kLookBytesMax ? state->size - kLookBytesMax : 0;
  const bool last_look = ++looks_ >= kLooksMax;
  if (state->size < start_) {
    seen_.reset();
    return std::nullopt;
  }
  const auto read = content(file, state->size);
  if (!read) return std::unexpected{read.error()};
  if (!*read) {
    seen_.reset();
    return std::nullopt;
  }
  const std::string_view bytes = **read;

  const auto hash = [](std::string_view text) { return std::hash<std::string_view>{}(text); };
  const auto before = std::exchange(seen_, Seen{.size = bytes.size(), .hash = hash(bytes)});
  const bool agree =
      before && before->size <= bytes.size() && before->hash == hash(bytes.substr(0, before->size));
  if (!agree && !last_look) return std::nullopt;

  const std::uint64_t size_at_cut = std::max(size_seen, cut_.limit_bytes + 1);
  const auto start = static_cast<std::int64_t>(start_);
  auto found =
      find_anchor(AnchorSearch{.content = bytes,
                               .from_file_start = start_ == 0,
                               .anchor = from.anchor,
                               .own_place = static_cast<std::int64_t>(from.offset) - start,
                               .shift_expected = static_cast<std::int64_t>(size_at_cut - cut_.keep_bytes)});

  if (!found) {
    // More than the anchor is damaged. New lines may stand where it ended, so this is as unsure as its
    // beginning.
    if (const auto end = find_trail(bytes, from.trail)) found = Place{.end = *end, .sure = false};
  }
  // The cut in progress may be the second since we last looked: then it is not
  // the whole shift that repeats, but what this cut takes away.
  const std::uint64_t this_cut = state->size - std::min(state->size, cut_.keep_bytes);
  // AnyDesk cuts only what is above the limit. There a few bytes that stand twice around a hole are enough.
  const auto repeated = state->size > cut_.limit_bytes ? Repeated::text_or_hole : Repeated::text;
  Finding finding{.offset = std::nullopt, .anchor = {}, .size = state->size, .settled = agree};
  if (!found || !found->sure) {
    const bool grew = before && before->size != bytes.size();
    // What proves our place behind a power cut must stand once: in a cut in progress it may stand twice.
    const bool half_cut = state->size > cut_.limit_bytes && is_half_cut(bytes, this_cut, repeated);
    if ((grew || half_cut) && !last_look) return std::nullopt;
    finding.settled = agree && !grew && !half_cut;
    if (!found) return finding;
  }
  const std::size_t anchor_bytes = std::min(found->end, kAnchorBytesMax);
  finding.offset = start_ + found->end;
  finding.anchor = bytes.substr(found->end - anchor_bytes, anchor_bytes);
  const std::uint64_t shift = from.offset - std::min(from.offset, *finding.offset);
  if (shift > 0 && (is_half_cut(bytes, shift, Repeated::text) || is_half_cut(bytes, this_cut, repeated))) {
    if (!last_look) return std::nullopt;
    finding.settled = false;
  }
  return finding;
}

void Resync::restart() {
  seen_.reset();
  looks_ = 0;
}

base::Result<bool> starts_mid_line(ReadableFile& file, CutShape cut) {
  char last[4] = {};
  const std::size_t wanted = std::min<std::uint64_t>(cut.keep_bytes, sizeof last);
  const auto got = file.read_at(cut.keep_bytes - wanted, std::span{last}.first(wanted));
  if (!got) return std::unexpected{got.error()};
  if (*got < wanted) return false;
  const std::string_view end{last, wanted};
  if (end.ends_with('\n')) return true;
  // The character in front of it is ASCII, mostly a CR; 8-bit text has no NUL in front of an LF.
  constexpr std::string_view kLfBehindAscii{"\0\n\0", 3};
  return wanted == sizeof last && end.front() != '\0' && end.ends_with(kLfBehindAscii);
}

}  // namespace agent::tail
