// What AnyDesk's configuration files may be asked, and nothing else.
//
// system.conf and user.conf hold secrets beside the few facts we need
// (rest-api.md section 4.4). So a value is looked at only if its whole key is on
// the list below; every other value is passed over byte by byte and never
// gathered. service.conf is not read at all.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/tail/file.h"
#include "common/base/result.h"

namespace agent::discovery {

inline constexpr std::array<std::string_view, 5> kAllowedKeys = {
    "ad.anynet.id", "ad.anynet.alias", "ad.anynet.cur_version", "ad.license.name", "ad.license.cache"};

// Whether AnyDesk can ask for a comment at the end of a session. Whether a user
// switched that on is written nowhere (rest-api.md section 2).
enum class CommentOption : std::uint8_t {
  unknown,
  off,      // The licence does not have it.
  allowed,  // The licence has it.
};
std::string_view to_string(CommentOption option);

// Empty: not told. Texts are valid UTF-8 without control characters, at most kTextBytesMax long.
struct Conf {
  std::string own_id = {};
  std::string alias = {};
  std::string version = {};
  std::string license = {};
  CommentOption comment_option = CommentOption::unknown;
  bool operator==(const Conf&) const = default;
};

// A longer licence cache is not looked at; the one known sample has about 3 KB.
inline constexpr std::size_t kCacheBytesMax = std::size_t{64} * 1024;
inline constexpr std::size_t kTextBytesMax = 256;

// `key=value` lines in, a Conf out. Not thread-safe.
class ConfScanner {
 public:
  void feed(std::string_view block);
  // The end of the file. What was gathered of the last value is overwritten.
  Conf finish();
  // Bytes of the file that it keeps at the moment, the value under way included; for tests.
  std::size_t held() const { return key_.size() + value_.size(); }

 private:
  enum class In { key, wanted_value, other_value };
  void line_end();
  void forget();

  In in_ = In::key;
  bool overlong_ = false;  // The value under way is above its limit.
  std::string key_;
  std::string value_;
  Conf conf_;
};

// not_found, permission_denied and the like are the file system's own.
[[nodiscard]] base::Result<Conf> read_conf(tail::FileSystem& files, const std::string& path);

// The one flag out of a licence cache as the file writes it, in hexadecimal. unknown for whatever does not
// follow the layout of rest-api.md section 4.4.
CommentOption comment_option_of(std::string_view cache_hex);

}  // namespace agent::discovery
