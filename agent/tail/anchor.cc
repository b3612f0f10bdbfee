#include "agent/tail/anchor.h"

#include <algorithm>
#include <cstdlib>

namespace agent::tail {

namespace {

bool stands_at(const AnchorSearch& search, std::int64_t end) {
  const auto size = static_cast<std::int64_t>(search.anchor.size());
  if (end < size || end > static_cast<std::int64_t>(search.content.size())) return false;
  return search.content.substr(static_cast<std::size_t>(end - size), search.anchor.size()) == search.anchor;
}

std::optional<std::size_t> whole_anchor(const AnchorSearch& search) {
  std::optional<std::size_t> best;
  std::int64_t best_distance = 0;
  bool several = false;
  for (std::size_t at = search.content.find(search.anchor); at != std::string_view::npos;
       at = search.content.find(search.anchor, at + 1)) {
    const std::size_t end = at + search.anchor.size();
    const std::int64_t shift = search.own_place - static_cast<std::int64_t>(end);
    const std::int64_t distance = std::abs(shift - search.shift_expected);
    several = best.has_value();
    if (!best || distance <= best_distance) {
      best = end;
      best_distance = distance;
    }
  }
  // Holes look alike: one with a line end behind it says nothing if it stands there twice.
  return several && !has_time(search.anchor) ? std::nullopt : best;
}

std::optional<std::size_t> end_at_file_start(const AnchorSearch& search) {
  if (!search.from_file_start) return std::nullopt;
  for (std::size_t length = std::min(search.anchor.size(), search.content.size()); length >= kAnchorHeadMin;
       --length) {
    const std::string_view piece = search.anchor.substr(search.anchor.size() - length);
    if (search.content.starts_with(piece) && has_time(piece)) return length;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_once(std::string_view content, std::string_view piece) {
  const std::size_t at = content.find(piece);
  if (at == std::string_view::npos || content.find(piece, at + 1) != std::string_view::npos)
    return std::nullopt;
  return at;
}

// A piece of NULs alone would say nothing. Single ones do not count: UTF-16LE is full of them.
bool tells(std::string_view piece) {
  std::size_t nuls = 0;
  for (std::size_t i = 1; i < piece.size(); ++i) {
    if (piece[i] == '\0' && piece[i - 1] == '\0') ++nuls;
  }
  return nuls * 2 < piece.size();
}

// A hole is longer than the one or two NULs that UTF-16LE has between its characters.
bool begins_with_hole(std::string_view bytes) {
  constexpr std::size_t kHoleMin = 3;
  return bytes.find_first_not_of('\0') >= std::min(bytes.size(), kHoleMin);
}

std::optional<std::size_t> last_piece(const AnchorSearch& search) {
  // The last line as a whole, or more lines if that has no time. In front of it is a line or a hole.
  const auto begins_line = [&](std::size_t at) {
    return search.anchor[at - 1] == '\n' || search.anchor[at - 1] == '\0';
  };
  std::size_t begin = search.anchor.size() - kAnchorPieceMin;
  while (begin > 0 && !(begins_line(begin) && has_time(search.anchor.substr(begin)))) --begin;
  const std::string_view piece = search.anchor.substr(begin);
  if (!tells(piece) || !has_time(piece)) return std::nullopt;
  const auto at = find_once(search.content, piece);
  if (!at) return std::nullopt;
  return *at + piece.size();
}

// The anchor from `begin` on stands at `at`, as far as it still does; nothing if that is no proof.
std::optional<std::size_t> undamaged_end(const AnchorSearch& search, std::size_t begin, std::size_t at) {
  const std::string_view anchor = search.anchor.substr(begin);
  const std::string_view rest = search.content.substr(at);
  const auto [in_anchor, in_rest] = std::mismatch(anchor.begin(), anchor.end(), rest.begin(), rest.end());
  const auto same = static_cast<std::size_t>(in_rest - rest.begin());
  if (!has_time(rest.substr(0, same))) return std::nullopt;
  if (begins_with_hole(rest.substr(same))) return at + same;
  // A new line may begin with the same bytes as the one that vanished.
  const std::size_t line_end = rest.substr(0, same).rfind('\n');
  if (line_end == std::string_view::npos) return std::nullopt;
  // The second half of an LF in UTF-16LE; in 8-bit text a NUL that is stripped anyway.
  const std::size_t half = rest.substr(line_end + 1).starts_with('\0') ? 1 : 0;
  return at + line_end + 1 + half;
}

// The first whole line of the anchor that stands once in the content. What is before it begins anywhere in a
// line, and the columns of a line come again in the next.
std::optional<std::size_t> first_line(const AnchorSearch& search) {
  std::size_t begin = search.anchor.find('\n');
  while (begin != std::string_view::npos) {
    ++begin;
    const std::size_t end = search.anchor.find('\n', begin);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = search.anchor.substr(begin, end + 1 - begin);
    if (line.size() >= kAnchorPieceMin && tells(line) && has_time(line)) {
      if (const auto at = find_once(search.content, line)) return undamaged_end(search, begin, *at);
    }
    begin = end;
  }
  return std::nullopt;
}

std::optional<std::size_t> first_piece(const AnchorSearch& search) {
  if (const auto end = first_line(search)) return end;
  const std::string_view piece = search.anchor.substr(0, kAnchorPieceMin);
  if (!tells(piece)) return std::nullopt;
  const auto at = find_once(search.content, piece);
  if (!at) return std::nullopt;
  return undamaged_end(search, 0, *at);
}

}  // namespace

// The end of a line is often 64 bytes and more of module and message that come again a hundred times: only
// its time makes a line the one it is.
// The anchor is raw bytes: in UTF-16LE a NUL stands behind each character of it.
bool has_time(std::string_view piece) {
  constexpr std::string_view kForm = "0000-00-00 00:00:00.000";
  const auto fits = [](char form, char c) { return form == '0' ? c >= '0' && c <= '9' : c == form; };
  const auto stands_at = [&](std::size_t at, std::size_t width) {
    if (piece.size() - at < kForm.size() * width) return false;
    for (std::size_t i = 0; i < kForm.size(); ++i) {
      const std::string_view character = piece.substr(at + i * width, width);
      if (!fits(kForm[i], character.front()) || (width == 2 && character.back() != '\0')) return false;
    }
    return true;
  };
  constexpr std::size_t kYear = kForm.find('-');
  for (std::size_t dash = piece.find('-'); dash != std::string_view::npos; dash = piece.find('-', dash + 1)) {
    if (dash >= kYear && stands_at(dash - kYear, 1)) return true;
    if (dash >= 2 * kYear && stands_at(dash - 2 * kYear, 2)) return true;
  }
  return false;
}

std::optional<Place> find_anchor(const AnchorSearch& search) {
  if (search.anchor.empty()) return std::nullopt;
  if (stands_at(search, search.own_place)) {
    return Place{.end = static_cast<std::size_t>(search.own_place), .sure = true};
  }
  if (search.anchor.size() < kAnchorHeadMin) return std::nullopt;
  if (const auto end = whole_anchor(search)) return Place{.end = *end, .sure = true};
  if (const auto end = end_at_file_start(search)) return Place{.end = *end, .sure = true};
  if (search.anchor.size() < kAnchorPieceMin) return std::nullopt;
  if (const auto end = last_piece(search)) return Place{.end = *end, .sure = true};
  if (const auto end = first_piece(search)) return Place{.end = *end, .sure = false};
  return std::nullopt;
}

bool is_half_cut(std::string_view content, std::uint64_t shift, Repeated repeated) {
  constexpr std::uint64_t kShiftMin = 512;  // AnyDesk cuts 10 %.
  if (shift < kShiftMin || shift >= content.size()) return false;
  // A finished file does not repeat itself over this length, because each line
  // carries its millisecond. Before `shift` bytes are copied fewer than that
  // stand twice, so half must do. A hole repeats itself and proves nothing, but
  // most of what is cut can be a hole.
  const std::uint64_t repeated_min = std::min<std::uint64_t>(shift / 2, 4096);
  const std::uint64_t told_min = repeated == Repeated::text ? 64 : 1;
  const char* earlier = content.data();
  const char* const end = earlier + content.size();
  std::uint64_t run = 0;
  std::uint64_t told = 0;  // Bytes of the run that are not NUL.
  for (const char* later = earlier + shift; later != end; ++later, ++earlier) {
    if (*later != *earlier) {
      run = 0;
      told = 0;
      continue;
    }
    ++run;
    if (*later != '\0') ++told;
    if (run >= repeated_min && told >= told_min) return true;
  }
  return false;
}

}  // namespace agent::tail
