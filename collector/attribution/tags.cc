#include "collector/attribution/tags.h"

#include <algorithm>

#include "collector/attribution/plain_text.h"

namespace collector::attribution {

namespace {

constexpr std::int64_t kOverrideMax_min = 1'440;
constexpr std::size_t kNumberDigitsMax = 18;  // Always fits 64 bits.

// What each byte of the comment is. Text is kept, everything else is not.
enum class Part : char { text, brace, mark, number, bracket };

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_mark(char c) {
  return c == '#' || c == '~';
}

// The value of a non-empty run of digits; nothing if it is no such run, or too long to be held.
std::optional<std::int64_t> whole_number(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > kNumberDigitsMax) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

class Comment {
 public:
  Comment(std::string_view bytes, const TagSettings& settings)
      : settings_{settings}, plain_{tidy(to_plain_text(bytes))}, parts_(plain_.size(), Part::text) {}

  Tags parse() {
    read_brackets();
    read_braces();
    read_number();
    read_marks();
    read_description();
    return std::move(tags_);
  }

 private:
  void review(ReviewReason reason) { tags_.reasons.push_back(reason); }

  void hint(std::string sentence) {
    if (std::ranges::find(tags_.hints, sentence) == tags_.hints.end())
      tags_.hints.push_back(std::move(sentence));
  }

  void take(std::size_t begin, std::size_t end, Part part) {
    std::fill(parts_.begin() + static_cast<std::ptrdiff_t>(begin),
              parts_.begin() + static_cast<std::ptrdiff_t>(end), part);
  }

  std::size_t skip_blanks(std::size_t i) const {
    while (i < plain_.size() && plain_[i] == ' ') ++i;
    return i;
  }

  // "[1, antivirus installation ]": brackets around everything are quotation marks.
  void read_brackets() {
    if (plain_.empty() || plain_.front() != '[') return;
    if (plain_.back() != ']') {
      opened_only_ = true;
      return;
    }
    take(0, 1, Part::bracket);
    take(plain_.size() - 1, plain_.size(), Part::bracket);
  }

  void read_braces() {
    std::optional<std::int64_t> stated;
    bool bad = false;
    for (std::size_t i = 0; i < plain_.size(); ++i) {
      if (plain_[i] == '}') bad = true;
      if (plain_[i] != '{') continue;
      const std::size_t close = plain_.find('}', i);
      if (close == std::string::npos) {
        bad = true;
        break;
      }
      const auto value = whole_number(tidy(std::string_view{plain_}.substr(i + 1, close - i - 1)));
      if (!value || *value > kOverrideMax_min || (stated && *stated != *value)) {
        bad = true;
      } else {
        stated = value;
      }
      take(i, close + 1, Part::brace);
      i = close;
    }
    if (bad) {
      review(ReviewReason::bad_override);
    } else {
      tags_.override_min = stated;
    }
  }

  // Where the number may begin: behind an opening bracket, braces, and marks that stand alone.
  std::size_t number_begin() const {
    std::size_t i = opened_only_ ? 1 : 0;
    for (;;) {
      while (i < plain_.size() && (plain_[i] == ' ' || parts_[i] != Part::text)) ++i;
      std::size_t end = i;
      while (end < plain_.size() && is_mark(plain_[end])) ++end;
      const bool alone = end < plain_.size() && (plain_[end] == ' ' || parts_[end] == Part::brace);
      if (end == i || !alone) return i;
      i = end;
    }
  }

  void read_number() {
    const std::size_t begin = number_begin();
    std::size_t end = begin;
    while (end < plain_.size() && is_digit(plain_[end])) ++end;
    if (end == begin) return;

    const std::size_t next = skip_blanks(end);
    const bool at_end = next == plain_.size() || parts_[next] == Part::bracket;
    if (!at_end && (plain_[next] == ',' || plain_[next] == ';' || plain_[next] == ':')) {
      const bool goes_on = next == end && next + 1 < plain_.size() && is_digit(plain_[next + 1]);
      accept_number(begin, end, next + 1, !goes_on);
    } else if (at_end || next > end) {
      accept_number(begin, end, end, settings_.lead_number == LeadNumber::seed);
    } else if (parts_[end] == Part::brace || is_mark(plain_[end]) || plain_[end] == ']') {
      accept_number(begin, end, end, false);
    } else if (plain_[end] == '.' || plain_[end] == ')' || plain_[end] == '-' || plain_[end] == '/') {
      hint("The comment begins with '" + plain_.substr(begin, std::min<std::size_t>(end - begin, 20)) +
           plain_[end] + "'; a technician's number is followed by , ; or :");
    }
  }

  void accept_number(std::size_t begin, std::size_t end, std::size_t prefix_end, bool certain) {
    const auto value = whole_number(std::string_view{plain_}.substr(begin, end - begin));
    text_begin_ = skip_blanks(prefix_end);
    if (!certain || !value) {
      review(ReviewReason::ambiguous_number);
      return;
    }
    tags_.technician_number = value;
    if (opened_only_) take(0, 1, Part::bracket);
    take(begin, prefix_end, Part::number);
  }

  // Whether a mark may stand beside position `i` (one before the first byte is the comment's start).
  bool is_free(std::size_t i) const {
    return i >= plain_.size() || plain_[i] == ' ' || parts_[i] != Part::text;
  }

  void read_marks() {
    if (settings_.tag_match == TagMatch::anywhere) read_every_hash();
    for (std::size_t begin = 0; begin < plain_.size(); ++begin) {
      if (!is_mark(plain_[begin]) || parts_[begin] != Part::text) continue;
      std::size_t end = begin;
      while (end < plain_.size() && is_mark(plain_[end]) && parts_[end] == Part::text) ++end;
      read_run(begin, end);
      begin = end - 1;
    }
    if (tags_.hold) review(ReviewReason::hold);
    if (tags_.no_charge && tags_.override_min.value_or(0) > 0) review(ReviewReason::contradicting_tags);
  }

  void read_every_hash() {
    for (std::size_t i = 0; i < plain_.size(); ++i) {
      if (plain_[i] != '#' || parts_[i] != Part::text) continue;
      const auto beside = [&](std::size_t at) { return is_free(at) || is_mark(plain_[at]); };
      if (!beside(i - 1) || !beside(i + 1)) {
        hint("A # that touches other text was read as 'no charge'.");
      }
      tags_.no_charge = true;
    }
    for (std::size_t i = 0; i < plain_.size(); ++i) {
      if (plain_[i] == '#' && parts_[i] == Part::text) parts_[i] = Part::mark;
    }
  }

  // Marks [begin, end) that stand side by side: they are tags together, or text together.
  void read_run(std::size_t begin, std::size_t end) {
    const std::string_view run = std::string_view{plain_}.substr(begin, end - begin);
    const bool has_hold = run.find('~') != run.npos;
    const bool has_hash = run.find('#') != run.npos;
    const bool alone = is_free(begin - 1) && is_free(end);
    const bool leads = text_begin_ && begin == *text_begin_ && is_free(begin - 1) && !has_hash;
    if (alone || leads) {
      tags_.hold = tags_.hold || has_hold;
      tags_.no_charge = tags_.no_charge || has_hash;
      take(begin, end, Part::mark);
      return;
    }
    if (has_hash)
      hint("A # that touches other text was not read as 'no charge'; write it on its own if it is meant.");
    if (has_hold)
      hint("A ~ that touches other text was not read as 'hold'; write it on its own if it is meant.");
  }

  // The text that is left, without the commas and blanks that only belonged to what was taken out.
  void read_description() {
    constexpr std::string_view kSeparators = ",;:.!?";
    std::string text;
    bool after_tag = false;
    for (std::size_t i = 0; i < plain_.size(); ++i) {
      if (parts_[i] != Part::text) {
        after_tag = true;
        if (parts_[i] != Part::bracket && !text.empty()) text += ' ';
        continue;
      }
      if (plain_[i] != ' ') {
        if (after_tag && kSeparators.find(plain_[i]) != kSeparators.npos) {
          while (!text.empty() && text.back() == ' ') text.pop_back();
          if (text.empty()) continue;
        }
        after_tag = false;
      }
      text += plain_[i];
    }
    tags_.text = tidy(text);
    if (std::ranges::all_of(tags_.text, is_digit)) tags_.text.clear();  // A number alone describes nothing.
    if (tags_.text.empty()) review(ReviewReason::no_description);
  }

  const TagSettings& settings_;
  const std::string plain_;
  std::vector<Part> parts_;
  bool opened_only_ = false;               // Begins with [ that nothing closes.
  std::optional<std::size_t> text_begin_;  // First byte behind what looks like a number.
  Tags tags_;
};

}  // namespace

Tags parse_comment(std::string_view text, const TagSettings& settings) {
  return Comment{text, settings}.parse();
}

}  // namespace collector::attribution
