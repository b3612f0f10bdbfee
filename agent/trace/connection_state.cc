// ConnectionCheck::save and ConnectionCheck::load: a version, the counters, the
// lines and the attempts; numbers of 8 bytes, least significant first.

#include <bit>
#include <utility>

#include "agent/trace/connection_check.h"

namespace agent::trace {

namespace {

constexpr std::uint64_t kVersion = 1;

void put(std::string& to, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) to += static_cast<char>(value >> (8 * i) & 0xffU);
}
void put(std::string& to, std::int64_t value) {
  put(to, std::bit_cast<std::uint64_t>(value));
}
void put(std::string& to, const std::string& text) {
  put(to, std::uint64_t{text.size()});
  to += text;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_{bytes} {}

  std::uint64_t number() {
    if (rest_.size() < 8) {
      sound_ = false;
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = value << 8U | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(8);
    return value;
  }
  std::int64_t signed_number() { return std::bit_cast<std::int64_t>(number()); }
  std::size_t count() {
    const auto value = number();
    if (value > kConnectionsMax) sound_ = false;
    return sound_ ? static_cast<std::size_t>(value) : 0;
  }
  std::string text() {
    const auto length = number();
    if (length > rest_.size()) sound_ = false;
    if (!sound_) return {};
    std::string value{rest_.substr(0, static_cast<std::size_t>(length))};
    rest_.remove_prefix(value.size());
    return value;
  }
  bool done() const { return sound_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool sound_ = true;
};

}  // namespace

std::string ConnectionCheck::save() const {
  std::string bytes;
  put(bytes, kVersion);
  for (const auto value : {counters_.lines_outgoing, counters_.lines_incoming, counters_.lines_malformed,
                           counters_.matched, counters_.unmatched, counters_.undecidable}) {
    put(bytes, value);
  }
  put(bytes, std::uint64_t{offset_min_.has_value()});
  put(bytes, std::int64_t{offset_min_.value_or(0)});
  put(bytes, std::uint64_t{covered_from_ms_.has_value()});
  put(bytes, covered_from_ms_.value_or(0));
  put(bytes, std::uint64_t{lines_.size()});
  for (const Line& line : lines_) {
    put(bytes, line.local_min);
    put(bytes, line.id);
    put(bytes, line.alias);
  }
  put(bytes, std::uint64_t{attempts_.size()});
  for (const Attempt& attempt : attempts_) {
    put(bytes, attempt.utc_ms);
    put(bytes, attempt.remote);
    put(bytes, std::uint64_t{attempt.taken});
  }
  return bytes;
}

base::Result<ConnectionCheck> ConnectionCheck::load(std::string_view bytes) {
  Reader from{bytes};
  ConnectionCheck check;
  const bool known = from.number() == kVersion;
  for (auto* value :
       {&check.counters_.lines_outgoing, &check.counters_.lines_incoming, &check.counters_.lines_malformed,
        &check.counters_.matched, &check.counters_.unmatched, &check.counters_.undecidable}) {
    *value = from.number();
  }
  const bool has_offset = from.number() != 0;
  const auto offset = from.signed_number();
  if (has_offset) check.offset_min_ = static_cast<std::int32_t>(offset);
  const bool has_covered = from.number() != 0;
  const auto covered = from.signed_number();
  if (has_covered) check.covered_from_ms_ = covered;
  for (auto left = from.count(); left > 0; --left) {
    Line line;
    line.local_min = from.signed_number();
    line.id = from.text();
    line.alias = from.text();
    check.lines_.push_back(std::move(line));
  }
  for (auto left = from.count(); left > 0; --left) {
    Attempt attempt;
    attempt.utc_ms = from.signed_number();
    attempt.remote = from.text();
    attempt.taken = from.number() != 0;
    check.attempts_.push_back(std::move(attempt));
  }
  if (!known || !from.done()) {
    return base::fail(
        base::ErrorCode::corrupt,
        "reading the stored check of connection_trace.txt: it is damaged or of a newer version");
  }
  return check;
}

}  // namespace agent::trace
