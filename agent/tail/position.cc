#include "agent/tail/position.h"

#include <cassert>
#include <vector>

#include "agent/tail/fnv.h"

namespace agent::tail {

namespace {

constexpr std::string_view kMagic = "DLTP\x03";  // Deskledger tail position, version 3.
constexpr std::string_view kMagic2 = "DLTP\x02";
constexpr std::string_view kMagic1 = "DLTP\x01";
static_assert(kMagic.size() == kMagic1.size() && kMagic.size() == kMagic2.size());
constexpr std::size_t kFixedBytes = kMagic.size() + 5 * 8 + 1 + 2;
constexpr std::size_t kChecksumBytes = 8;
constexpr unsigned kTrailHashBytes = 4;
constexpr unsigned kMidLine = 1;
constexpr unsigned kDrained = 2;
constexpr unsigned kEncodingShift = 2;  // Two bits; all zero in version 1.

void put(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

std::uint64_t take(std::string_view& in, unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= std::uint64_t{static_cast<unsigned char>(in[i])} << (8 * i);
  in.remove_prefix(bytes);
  return value;
}

}  // namespace

std::string encode(const Position& position) {
  assert(position.anchor.size() <= kAnchorBytesMax);
  std::string out{kMagic};
  put(out, position.identity.device, 8);
  put(out, position.identity.inode, 8);
  put(out, static_cast<std::uint64_t>(position.identity.created_ms), 8);
  put(out, position.offset, 8);
  put(out, position.cut_bytes, 8);
  put(out,
      (position.mid_line ? kMidLine : 0U) | (position.drained ? kDrained : 0U) |
          (static_cast<unsigned>(position.encoding) << kEncodingShift),
      1);
  put(out, position.anchor.size(), 2);
  out += position.anchor;
  // As many as there are up to the checksum.
  for (const std::uint32_t hash : position.trail.hashes()) put(out, hash, kTrailHashBytes);
  put(out, fnv1a(out), kChecksumBytes);
  return out;
}

base::Result<Position> decode(std::string_view bytes) {
  const auto corrupt = [](const char* what) {
    return base::fail(base::ErrorCode::corrupt, std::string{"reading a stored file position: "} + what);
  };
  const bool version_1 = bytes.starts_with(kMagic1);
  const bool has_trail = bytes.starts_with(kMagic);
  if (!version_1 && !bytes.starts_with(kMagic2) && !has_trail) return corrupt("unknown form or version");
  if (bytes.size() < kFixedBytes + kChecksumBytes) return corrupt("too short");
  std::string_view stored = bytes.substr(bytes.size() - kChecksumBytes);
  std::string_view in = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (take(stored, kChecksumBytes) != fnv1a(in)) return corrupt("the checksum does not agree");

  in.remove_prefix(kMagic.size());
  Position position;
  position.identity.device = take(in, 8);
  position.identity.inode = take(in, 8);
  position.identity.created_ms = static_cast<std::int64_t>(take(in, 8));
  position.offset = take(in, 8);
  position.cut_bytes = take(in, 8);
  const auto flags = take(in, 1);
  const auto anchor_bytes = take(in, 2);
  const auto encoding = flags >> kEncodingShift;
  if (encoding > (version_1 ? 0U : static_cast<unsigned>(Encoding::utf16le))) return corrupt("unknown flags");
  if (anchor_bytes > in.size() || anchor_bytes > kAnchorBytesMax || anchor_bytes > position.offset) {
    return corrupt("the anchor has a wrong length");
  }
  const std::size_t trail_bytes = in.size() - anchor_bytes;
  if (trail_bytes % kTrailHashBytes != 0 ||
      trail_bytes > (has_trail ? kTrailLinesMax * kTrailHashBytes : 0)) {
    return corrupt("the trail has a wrong length");
  }
  position.mid_line = (flags & kMidLine) != 0;
  position.drained = (flags & kDrained) != 0;
  position.encoding = static_cast<Encoding>(encoding);
  position.anchor = in.substr(0, anchor_bytes);
  in.remove_prefix(anchor_bytes);
  std::vector<std::uint32_t> hashes;
  while (!in.empty()) hashes.push_back(static_cast<std::uint32_t>(take(in, kTrailHashBytes)));
  position.trail = Trail{std::move(hashes)};
  return position;
}

}  // namespace agent::tail
