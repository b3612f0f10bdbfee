#include "collector/mail/text.h"

#include <cstdio>
#include <vector>

#include "common/base/utf8.h"

namespace collector::mail {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t point;
  std::size_t bytes;  // 1 when the byte at hand is not the start of a well-formed sequence.
  bool valid;
};

Decoded decode(std::string_view text) {
  const std::size_t length = base::utf8_length(text);
  if (length == 0) return {kReplacement, 1, false};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (length == 1) return {byte(0), 1, true};
  auto point = static_cast<char32_t>(byte(0) & (0xFF >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) point = (point << 6) | (byte(i) & 0x3FU);
  return {point, length, true};
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

bool is_invisible(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

// Hebrew, Arabic and their neighbours (Unicode's classes R and AL, by block).
bool runs_from_the_right(char32_t c) {
  return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFE) ||
         (c >= 0x10800 && c <= 0x10FFF) || (c >= 0x1E800 && c <= 0x1EFFF);
}

// Appends characters one by one, keeping the promises about blanks, lines and length.
class Cleaner {
 public:
  explicit Cleaner(std::size_t max_chars) : max_chars_(max_chars) {}

  // False once the limit is reached; the rest of the text need not be looked at.
  bool add(std::string_view character) {
    if (!out_.empty()) {
      chars_ += newlines_ + (newlines_ == 0 && blank_ ? 1 : 0);
      if (chars_ < max_chars_) out_.append(newlines_ > 0 ? std::string(newlines_, '\n') : blank_ ? " " : "");
    }
    newlines_ = 0;
    blank_ = false;
    if (chars_ >= max_chars_) {
      out_ += "...";
      return false;
    }
    out_ += character;
    ++chars_;
    return true;
  }
  void blank() { blank_ = true; }
  void newline() { newlines_ = newlines_ < 2 ? newlines_ + 1 : 2; }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::size_t max_chars_;
  std::size_t chars_ = 0;
  std::size_t newlines_ = 0;
  bool blank_ = false;
};

std::string clean(std::string_view text, std::size_t max_chars, bool keep_lines) {
  Cleaner out{max_chars};
  while (!text.empty()) {
    const auto [point, bytes, valid] = decode(text);
    const auto character = text.substr(0, bytes);
    const bool crlf = point == '\r' && text.size() > 1 && text[1] == '\n';
    text.remove_prefix(bytes);
    if (crlf) continue;
    if (keep_lines && (point == '\n' || point == '\r')) {
      out.newline();
    } else if (point == ' ' || is_control(point)) {
      out.blank();
    } else if (!is_invisible(point)) {
      if (!out.add(valid ? character : "\xEF\xBF\xBD")) break;
    }
  }
  return out.take();
}

}  // namespace

std::string one_line(std::string_view text, std::size_t max_chars) {
  return clean(text, max_chars, false);
}

std::string many_lines(std::string_view text, std::size_t max_chars) {
  return clean(text, max_chars, true);
}

std::string header_line(std::string_view text, std::size_t max_chars) {
  auto line = one_line(text, max_chars);
  for (auto at = line.find("=?"); at != line.npos; at = line.find("=?", at)) line.insert(at + 1, " ");
  return line;
}

std::string html_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\n': out += "<br>"; break;
      default: out += c;
    }
  }
  return out;
}

std::string duration_text(std::int64_t seconds) {
  const std::uint64_t total =
      seconds < 0 ? 0 - static_cast<std::uint64_t>(seconds) : static_cast<std::uint64_t>(seconds);
  char text[48];
  std::snprintf(text, sizeof text, "%s%llu:%02llu:%02llu", seconds < 0 ? "-" : "",
                static_cast<unsigned long long>(total / 3600),
                static_cast<unsigned long long>(total / 60 % 60),
                static_cast<unsigned long long>(total % 60));
  return text;
}

std::string isolated(std::string text) {
  bool turns = false;
  for (std::string_view rest = text; !rest.empty() && !turns;) {
    const auto [point, bytes, valid] = decode(rest);
    turns = valid && runs_from_the_right(point);
    rest.remove_prefix(bytes);
  }
  if (!turns) return text;
  constexpr std::string_view kBegin = "\xE2\x81\xA8", kEnd = "\xE2\x81\xA9";
  std::string out{kBegin};
  for (const char c : text) {
    if (c == '\n') out += kEnd;
    out += c;
    if (c == '\n') out += kBegin;
  }
  return out += kEnd;
}

}  // namespace collector::mail
