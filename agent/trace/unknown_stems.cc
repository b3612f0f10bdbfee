#include "agent/trace/unknown_stems.h"

#include <algorithm>
#include <array>

namespace agent::trace {

namespace {

constexpr std::string_view kReduced = "*";
// No word of AnyDesk's own messages is longer; a long one is more likely a token.
constexpr std::size_t kWordBytesMax = 16;
// More of a message is not looked at: a damaged line can have 64 KiB.
constexpr std::size_t kMessageBytesMax = 400;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// The closing partner of a quote or bracket that stands where a word begins; 0: `c` is none. A file or user
// name stands in them.
constexpr char closing(char c) {
  switch (c) {
    case '"':
    case '\'':
    case '`': return c;
    case '(': return ')';
    case '[': return ']';
    case '{': return '}';
    case '<': return '>';
    default: return 0;
  }
}

// Words that a name follows.
bool announces_a_name(std::string_view word) {
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"account", "address", "alias",   "as",        "by",       "called", "client",  "computer", "contact",
       "desk",    "device",  "file",    "folder",    "for",      "from",   "group",   "host",     "id",
       "in",      "is",      "machine", "message",   "name",     "of",     "on",      "path",     "peer",
       "profile", "remote",  "server",  "sid",       "text",     "to",     "url",     "user",     "via",
       "with",    "login",   "domain",  "directory", "password", "token",  "printer", "drive"});
  return std::ranges::find(kWords, word) != kWords.end();
}

// These are never names, whatever stands before them.
bool is_plain(std::string_view word) {
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"a",  "an", "the",  "this", "be",   "at",   "not", "no",      "is",
       "by", "to", "from", "in",   "for",  "with", "on",  "of",      "and",
       "or", "as", "side", "user", "peer", "was",  "has", "session", "client"});
  return std::ranges::find(kWords, word) != kWords.end();
}

// One word as it may be shown: itself, a run of digits as '#', or kReduced.
std::string shown(std::string_view word, bool first, bool after_announcement) {
  const std::size_t digits = static_cast<std::size_t>(std::ranges::count_if(word, is_digit));
  if (digits == word.size()) return "#";
  const bool capital = is_upper(word.front());
  const bool letters = std::ranges::all_of(word.substr(1), is_lower) && (capital || is_lower(word.front()));
  if (!letters || word.size() > kWordBytesMax || (capital && !first)) return std::string{kReduced};
  if (after_announcement && !is_plain(word)) return std::string{kReduced};
  return std::string{word};
}

// Reads a message word by word.
class Words {
 public:
  explicit Words(std::string_view message) : rest_{message} {}

  std::string stem() {
    state_figure();
    while (!ended_ && !rest_.empty()) next();
    while (stem_.ends_with(' ')) stem_.pop_back();
    return stem_.empty() ? std::string{kReduced} : stem_;
  }

 private:
  // "5: " at the beginning is the protocol's state (traces.md §3.1), not the end of the fixed text.
  void state_figure() {
    const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits == 0 || digits > 2 || !rest_.substr(digits).starts_with(": ")) return;
    rest_.remove_prefix(digits + 2);
    put("#:");
  }

  void next() {
    const std::size_t blank = std::min(rest_.find_first_not_of(' '), rest_.size());
    rest_.remove_prefix(blank);
    if (rest_.empty()) return;
    if (const char close = closing(rest_.front()); close != 0) {
      const std::size_t end = rest_.find(close, 1);
      // Behind a quote that is not closed everything can be the name.
      ended_ = end == std::string_view::npos;
      rest_.remove_prefix(ended_ ? rest_.size() : end + 1);
      after_announcement_ = false;
      put(kReduced);
      return;
    }
    std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    // A value follows. A colon inside a word belongs to an address, and the word is reduced as a whole.
    ended_ = word.ends_with(':');
    while (!word.empty() && (word.back() == '.' || word.back() == ',' || word.back() == ':' ||
                             word.back() == '!' || word.back() == '?' || word.back() == ';')) {
      word.remove_suffix(1);
    }
    if (word.empty()) return;
    put(shown(word, first_, after_announcement_));
    first_ = false;
    after_announcement_ = announces_a_name(word);
  }

  void put(std::string_view word) {
    if (word == kReduced && (stem_ == kReduced || stem_.ends_with(" *"))) return;
    const std::size_t blank = stem_.empty() ? 0 : 1;
    if (stem_.size() + blank + word.size() > kStemBytesMax) {
      ended_ = true;
      return;
    }
    if (blank != 0) stem_ += ' ';
    stem_ += word;
  }

  std::string_view rest_;
  std::string stem_;
  bool first_ = true;
  bool after_announcement_ = false;
  bool ended_ = false;
};

}  // namespace

std::string stem_of(std::string_view message) {
  return Words{message.substr(0, kMessageBytesMax)}.stem();
}

void UnknownStems::add(std::string_view message) {
  std::string stem = stem_of(message);
  // kOther takes no room of a stem; a message that reads just so is counted with it.
  const std::size_t stems = counts_.size() - counts_.count(std::string{kOther});
  if (stems >= kStemsMax && !counts_.contains(stem)) stem = kOther;
  ++counts_[std::move(stem)];
}

}  // namespace agent::trace
