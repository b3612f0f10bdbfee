#include "collector/mail/html_place.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::array<std::string_view, 8> kForbidden{"script", "base",  "form",   "iframe",
                                                     "object", "embed", "applet", "link"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Goes through the HTML character by character, as far as it matters here.
class Place {
 public:
  enum class At { text, tag, double_quoted, single_quoted, comment, style };

  // False once an element begins that must not be there; its name is then element().
  bool read(char c) {
    if (at_ == At::comment || at_ == At::style) note(c);
    switch (at_) {
      case At::text:
        if (c == '<') {
          at_ = At::tag;
          name_.clear();
          in_name_ = true;
        }
        break;
      case At::tag: return tag(c);
      case At::double_quoted:
        if (c == '"') at_ = At::tag;
        break;
      case At::single_quoted:
        if (c == '\'') at_ = At::tag;
        break;
      case At::comment:
        if (seen_.ends_with("-->")) at_ = At::text;
        break;
      case At::style:
        if (seen_.ends_with("</style")) {
          at_ = At::tag;
          name_ = "/style";
          in_name_ = false;
        }
        break;
    }
    return true;
  }

  At at() const { return at_; }
  const std::string& element() const { return name_; }

 private:
  static constexpr std::size_t kSeenMax = 8;

  // The last characters of a comment or style, in which only its end matters.
  void note(char c) {
    if (seen_.size() >= kSeenMax) seen_.erase(0, 1);
    seen_ += lower(c);
  }

  bool tag(char c) {
    if (in_name_ && name_.empty() &&
        (c == ' ' || c == '\n' || c == '\t' || (c >= '0' && c <= '9') || c == '=')) {
      at_ = At::text;  // A lone '<' is text.
      return true;
    }
    const bool ends_name = c == ' ' || c == '\n' || c == '\t' || c == '>' || (c == '/' && !name_.empty());
    if (in_name_ && !ends_name) name_ += lower(c);
    if (in_name_ && name_ == "!--") {
      at_ = At::comment;
      seen_.clear();
      return true;
    }
    if (in_name_ && ends_name) {
      in_name_ = false;
      if (std::ranges::find(kForbidden, name_) != kForbidden.end()) return false;
    }
    if (c == '"') at_ = At::double_quoted;
    if (c == '\'') at_ = At::single_quoted;
    if (c == '>') {
      at_ = name_ == "style" ? At::style : At::text;
      seen_.clear();
    }
    return true;
  }

  At at_ = At::text;
  bool in_name_ = false;
  std::string name_;
  std::string seen_;
};

std::string_view describe(Place::At at) {
  switch (at) {
    case Place::At::text: return "between tags";
    case Place::At::tag:
    case Place::At::double_quoted:
    case Place::At::single_quoted: return "inside a tag";
    case Place::At::comment: return "inside a comment";
    case Place::At::style: return "inside <style>";
  }
  return "";
}

const KnownToken& known(Token token) {
  return *std::ranges::find(known_tokens(), token, &KnownToken::token);
}

class Check {
 public:
  base::Status all(const Pieces& pieces) {
    for (const auto& piece : pieces) {
      line_ = piece.line;
      if (auto done = one(piece); !done) return done;
    }
    return {};
  }

  base::Status end() const {
    if (place_.at() == Place::At::text) return {};
    return wrong("the HTML ends " + std::string{describe(place_.at())});
  }

 private:
  base::Status one(const Piece& piece) {
    if (const auto* literal = std::get_if<std::string>(&piece.is)) {
      for (const char c : *literal) {
        if (!place_.read(c)) return wrong("<" + place_.element() + "> cannot be used in a mail");
      }
      return {};
    }
    if (const auto* token = std::get_if<Token>(&piece.is)) return value(known(*token));
    const auto before = place_.at();
    if (const auto* loop = std::get_if<Repetition>(&piece.is)) {
      if (auto done = all(loop->body); !done) return done;
      return same(before, piece.line);
    }
    const auto& choice = std::get<Choice>(piece.is);
    for (const auto* branch : {&choice.then, &choice.otherwise}) {
      if (auto done = all(*branch); !done) return done;
      if (auto done = same(before, piece.line); !done) return done;
    }
    return {};
  }

  base::Status value(const KnownToken& token) const {
    const bool fits =
        place_.at() == Place::At::text || (place_.at() == Place::At::double_quoted && token.in_tag);
    if (fits) return {};
    const std::string name = "%" + std::string{token.name} + "%";
    if (token.in_tag)
      return wrong(name + " may stand between tags or inside double quotes, not " +
                   std::string{describe(place_.at())});
    return wrong(name + " cannot stand " + std::string{describe(place_.at())} + ", only between tags");
  }

  base::Status same(Place::At before, std::size_t line) {
    if (place_.at() == before) return {};
    line_ = line;
    return wrong("a block that begins " + std::string{describe(before)} + " ends " +
                 std::string{describe(place_.at())});
  }

  base::Status wrong(std::string what) const {
    return fail(ErrorCode::invalid_argument, "html line " + std::to_string(line_) + ": " + std::move(what));
  }

  Place place_;
  std::size_t line_ = 1;
};

}  // namespace

base::Status check_html(const Pieces& pieces) {
  Check check;
  if (auto done = check.all(pieces); !done) return done;
  return check.end();
}

}  // namespace collector::mail
