#include "agent/trace/header.h"

#include <limits>

#include "agent/trace/eight_bytes.h"

namespace agent::trace {

namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A cursor over one line. Every step returns false when the grammar is broken.
class Columns {
 public:
  explicit Columns(std::string_view line) : line_{line} {}

  // Every line comes here, and nearly all are of level "info".
  bool level(bool& fatal) {
    if (line_.size() >= 8 && eight_bytes(line_.data()) == eight_bytes_of("   info ")) {
      at_ = 8;
      return true;
    }
    blanks();
    const std::string_view name = token();
    if (at_ == line_.size()) return false;
    ++at_;
    switch (name.size()) {
      case 4: return name == "info" || name == "auth";
      case 5: return name == "error" || name == "debug";
      case 7: fatal = name == "explode"; return fatal || name == "warning";
      default: return false;
    }
  }

  bool time(timing::UtcMs& out);

  bool app(std::string_view& out) {
    if (!blanks()) return false;
    out = token();
    return !out.empty();
  }

  // Thread names begin with no digit and may hold blanks; the process id behind them is a number.
  bool thread() {
    if (!blanks()) return false;
    while (at_ < line_.size() && !is_digit(line_[at_])) {
      token();
      if (!blanks()) return false;
    }
    return at_ < line_.size();
  }

  bool number(std::uint32_t& out) {
    if (at_ + 8 <= line_.size()) {
      const std::uint64_t word = eight_bytes(line_.data() + at_);
      const unsigned digits = digits_in_front(word);
      if (digits > 0 && digits < 8) {
        out = number_in_front(word, digits);
        at_ += digits;
        return line_[at_] == ' ';
      }
    }
    std::uint64_t value = 0;
    const std::size_t first = at_;
    for (; at_ < line_.size() && is_digit(line_[at_]); ++at_) {
      value = value * 10 + static_cast<std::uint64_t>(line_[at_] - '0');
      if (value > std::numeric_limits<std::uint32_t>::max()) return false;
    }
    out = static_cast<std::uint32_t>(value);
    return at_ > first && at_ < line_.size() && line_[at_] == ' ';
  }

  // The thread id is of no use here and can be wider than 32 bits.
  bool skip_number() {
    blanks();
    const std::size_t first = at_;
    if (at_ + 8 <= line_.size()) at_ += digits_in_front(eight_bytes(line_.data() + at_));
    while (at_ < line_.size() && is_digit(line_[at_])) ++at_;
    return at_ > first && at_ < line_.size() && line_[at_] == ' ';
  }

  // The optional fiber. A number that stands directly before " - " is the module: raw memory can look like
  // one.
  void fiber(std::uint32_t& out) {
    blanks();
    const std::size_t back = at_;
    if (number(out) && !dash_behind(at_)) return;
    out = 0;
    at_ = back;
  }

  bool module_and_message(std::string_view& name, std::string_view& message) {
    blanks();
    const std::size_t first = at_;
    // The dash may stand at once, behind the blank that ended the ids: a module of NUL bytes leaves nothing
    // behind.
    std::size_t dash = first - 1;
    while (dash + 2 < line_.size() && !dash_behind(dash)) dash = next_blank(line_, dash + 1);
    std::size_t text = dash + 3;
    if (dash + 2 >= line_.size()) {
      if (!line_.ends_with(" -") || line_.size() - 2 + 1 < first) return false;
      dash = line_.size() - 2;
      text = line_.size();
    }
    name = dash > first ? line_.substr(first, dash - first) : std::string_view{};
    while (name.ends_with(' ')) name.remove_suffix(1);
    message = line_.substr(text);
    return true;
  }

 private:
  // True if there was at least one.
  bool blanks() {
    const std::size_t first = at_;
    at_ = behind_blanks(line_, at_);
    return at_ > first;
  }

  // "- " stands behind the blank at `at`.
  bool dash_behind(std::size_t at) const {
    return at + 2 < line_.size() && line_[at + 1] == '-' && line_[at + 2] == ' ';
  }

  std::string_view token() {
    const std::size_t first = at_;
    at_ = next_blank(line_, at_);
    return {line_.data() + first, at_ - first};
  }

  std::string_view line_;
  std::size_t at_ = 0;
};

// What the line before said, up to its minute: hundreds of lines say the same.
struct LastMinute {
  std::uint64_t date = 0, clock = 0;  // The text, "2022-06-" and "29 04:18"; all zero: none yet.
  timing::UtcMs begins;
};

// "2022-06-29 04:18:33.830". This runs for every line of a file, so it looks at eight bytes at once and
// branches once.
bool Columns::time(timing::UtcMs& out) {
  constexpr std::size_t kLength = 23;
  constexpr DigitPattern kMonth{"0000-00-"}, kMinute{"00 00:00"}, kMs{"0:00.000"};
  if (line_.size() < at_ + kLength) return false;
  const char* const text = line_.data() + at_;
  thread_local LastMinute last;
  const std::uint64_t date_text = eight_bytes(text), clock_text = eight_bytes(text + 8);
  const std::uint64_t to_ms = kMs.values(eight_bytes(text + 15));
  const DigitPairs third{to_ms};
  const unsigned seconds = third.at(2), ms = third.at(5) * 10 + static_cast<unsigned>(to_ms >> 56);
  // 60 is a leap second as some systems write it.
  if ((kMs.wrong(to_ms) & kHighBits) != 0 || seconds > 60) return false;
  if (date_text != last.date || clock_text != last.clock) {
    const std::uint64_t to_month = kMonth.values(date_text), to_minute = kMinute.values(clock_text);
    const bool good = ((kMonth.wrong(to_month) | kMinute.wrong(to_minute)) & kHighBits) == 0;
    const DigitPairs first{to_month}, second{to_minute};
    const unsigned year = first.at(0) * 100 + first.at(2), month = first.at(5), day = second.at(0);
    const unsigned hour = second.at(3), minute = second.at(6);
    const std::chrono::year_month_day day_of_year{std::chrono::year{static_cast<int>(year)},
                                                  std::chrono::month{month}, std::chrono::day{day}};
    if (!good || !day_of_year.ok() || hour > 23 || minute > 59) return false;
    last = {.date = date_text,
            .clock = clock_text,
            .begins = timing::UtcMs{std::chrono::sys_days{day_of_year}.time_since_epoch() +
                                    std::chrono::hours{hour} + std::chrono::minutes{minute}}};
  }
  out = last.begins + std::chrono::seconds{seconds} + std::chrono::milliseconds{ms};
  at_ += kLength;
  return true;
}

}  // namespace

// The result is built where it is returned: copying it for every line cost a tenth of all parsing.
std::optional<Header> parse_header(std::string_view line) {
  std::optional<Header> out{std::in_place};
  Header& header = *out;
  Columns columns{line};
  const bool has_ids = columns.level(header.fatal) && columns.time(header.at) && columns.app(header.app) &&
                       columns.thread() && columns.number(header.pid) && columns.skip_number();
  if (has_ids) columns.fiber(header.fiber);
  if (!has_ids || !columns.module_and_message(header.module, header.message)) out.reset();
  return out;
}

}  // namespace agent::trace
