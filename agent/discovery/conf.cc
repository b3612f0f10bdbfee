#include "agent/discovery/conf.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "common/base/hex.h"
#include "common/base/text_table.h"
#include "common/base/utf8.h"

namespace agent::discovery {

namespace {

constexpr std::string_view kCacheKey = "ad.license.cache";
constexpr std::string_view kCommentFlag = "ad.license.feature.session_comment";
constexpr std::size_t kLongestKey = 21;  // ad.anynet.cur_version
static_assert(std::ranges::all_of(kAllowedKeys,
                                  [](std::string_view key) { return key.size() <= kLongestKey; }));

// The compiler may drop a fill that nobody reads; it may not drop writes through a volatile pointer.
void overwrite(std::string& text) {
  volatile char* at = text.data();
  for (std::size_t i = 0; i < text.size(); ++i) at[i] = 0;
  text.clear();
}

// What was read of the file does not stay behind in memory, however the reading ends.
struct Block {
  std::string bytes = std::string(4096, '\0');
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { overwrite(bytes); }
};

// A configuration that is larger is none.
constexpr std::uint64_t kConfBytesMax = std::uint64_t{4} * 1024 * 1024;

bool is_allowed(std::string_view key) {
  return std::ranges::find(kAllowedKeys, key) != kAllowedKeys.end();
}

std::string shown(std::string_view value) {
  return base::cell_text(base::to_valid_utf8(value.substr(0, kTextBytesMax)), kTextBytesMax);
}

// AnyDesk may write its version as one number, the major part from bit 32 on and the minor part from bit 16
// on: inferred from the size of the numbers seen. What is neither that nor dotted is shown as it is.
std::string version_of(const std::string& value) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const std::uint64_t major = number >> 32U;
  if (error != std::errc{} || end != value.data() + value.size() || major < 1 || major > 99) return value;
  return std::to_string(major) + "." + std::to_string(number >> 16U & 0xffffU) + "." +
         std::to_string(number & 0xffffU);
}

// Big-endian numbers and counted texts, each refused beyond the end.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_{bytes} {}

  std::optional<std::uint64_t> number(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8U | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(width);
    return value;
  }
  std::optional<std::string_view> text() {
    const auto length = number(4);
    if (!length || *length > rest_.size()) return std::nullopt;
    const auto value = rest_.substr(0, static_cast<std::size_t>(*length));
    rest_.remove_prefix(value.size());
    return value;
  }

 private:
  std::string_view rest_;
};

CommentOption flag_in(Bytes bytes) {
  if (bytes.number(1) != 1) return CommentOption::unknown;
  // The product's name, a constant and a time.
  if (!bytes.text() || !bytes.number(8) || !bytes.number(8)) return CommentOption::unknown;
  const auto count = bytes.number(4);
  for (std::uint64_t i = 0; count && i < *count; ++i) {
    const auto key = bytes.text();
    const auto value = bytes.text();
    if (!key || !value) return CommentOption::unknown;
    if (*key != kCommentFlag) continue;
    return *value == "1"   ? CommentOption::allowed
           : *value == "0" ? CommentOption::off
                           : CommentOption::unknown;
  }
  return CommentOption::unknown;
}

}  // namespace

std::string_view to_string(CommentOption option) {
  switch (option) {
    case CommentOption::off: return "off";
    case CommentOption::allowed: return "allowed";
    case CommentOption::unknown: break;
  }
  return "unknown";
}

CommentOption comment_option_of(std::string_view cache_hex) {
  auto bytes = base::from_hex(cache_hex);
  if (!bytes) return CommentOption::unknown;
  const auto option = flag_in(Bytes{*bytes});
  overwrite(*bytes);
  return option;
}

void ConfScanner::feed(std::string_view block) {
  while (!block.empty()) {
    if (in_ == In::other_value) {
      const auto end = block.find('\n');
      if (end == std::string_view::npos) return;
      block.remove_prefix(end);
    }
    const char c = block.front();
    block.remove_prefix(1);
    if (c == '\n') {
      line_end();
    } else if (in_ == In::key) {
      if (c == '=') {
        in_ = is_allowed(key_) ? In::wanted_value : In::other_value;
        const std::size_t limit = key_ == kCacheKey ? kCacheBytesMax : kTextBytesMax;
        if (in_ == In::wanted_value)
          value_.reserve(limit);  // One place in memory, so that one is overwritten.
      } else if (key_.size() < kLongestKey) {
        key_ += c;
      } else {
        in_ = In::other_value;  // Longer than every key on the list.
      }
    } else {
      const std::size_t limit = key_ == kCacheKey ? kCacheBytesMax : kTextBytesMax;
      if (value_.size() < limit) {
        value_ += c;
      } else {
        overlong_ = true;
      }
    }
    if (in_ == In::other_value) forget();
  }
}

void ConfScanner::forget() {
  overwrite(key_);
  overwrite(value_);
}

void ConfScanner::line_end() {
  if (in_ == In::wanted_value) {
    if (value_.ends_with('\r')) value_.pop_back();
    if (key_ == "ad.anynet.id") conf_.own_id = shown(value_);
    if (key_ == "ad.anynet.alias") conf_.alias = shown(value_);
    if (key_ == "ad.anynet.cur_version") conf_.version = version_of(shown(value_));
    if (key_ == "ad.license.name") conf_.license = shown(value_);
    if (key_ == kCacheKey && !overlong_) conf_.comment_option = comment_option_of(value_);
  }
  forget();
  overlong_ = false;
  in_ = In::key;
}

Conf ConfScanner::finish() {
  line_end();
  return std::exchange(conf_, {});
}

base::Result<Conf> read_conf(tail::FileSystem& files, const std::string& path) {
  auto file = files.open(path);
  if (!file) return std::unexpected{file.error()};
  ConfScanner scanner;
  Block block;
  for (std::uint64_t offset = 0; offset < kConfBytesMax;) {
    const auto got = (*file)->read_at(offset, block.bytes);
    if (!got) return std::unexpected{got.error()};
    if (*got == 0) break;
    scanner.feed(std::string_view{block.bytes}.substr(0, *got));
    offset += *got;
  }
  return scanner.finish();
}

}  // namespace agent::discovery
