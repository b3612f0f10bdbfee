// The parametric template of one kind of mail in one language, checked before it is ever used.
//
// It has three parts: subject, plain text and HTML. %name% stands for a value, %if NAME% ... %else% ...
// %end% for a choice (also %if not NAME%), %each session% ... %end% for a repetition; token.h has all names.
// A line that holds nothing but such marks leaves no empty line behind. Everything is checked at load, so
// that nothing unexpanded is ever sent (requirements N29).

#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "collector/mail/token.h"
#include "common/base/result.h"

namespace collector::mail {

enum class Part {
  subject,  // One line.
  text,
  html,
};
inline constexpr std::size_t kParts = 3;
inline constexpr std::size_t kPartBytesMax = std::size_t{64} * 1024;
// How deep %if% and %each% may stand inside each other.
inline constexpr std::size_t kNestingMax = 8;

// The part's name in messages and files: "subject", "text", "html".
std::string_view to_string(Part part);

// The three texts as a person wrote them, indexed by Part.
struct TemplateTexts {
  std::array<std::string, kParts> part;
  std::string& operator[](Part p) { return part[static_cast<std::size_t>(p)]; }
  const std::string& operator[](Part p) const { return part[static_cast<std::size_t>(p)]; }

  bool operator==(const TemplateTexts&) const = default;
};

// The same with LF line ends, for a browser's text field sends CRLF, and without an empty line at the end of
// the subject: what is kept.
TemplateTexts normalised(const TemplateTexts& texts);

struct Piece;
using Pieces = std::vector<Piece>;

struct Choice {
  Condition condition;
  bool negated = false;
  Pieces then;
  Pieces otherwise;
};

struct Repetition {
  Scopes scope;
  Pieces body;
};

// Literal text of one line, a value's place, or a block.
struct Piece {
  std::variant<std::string, Token, Choice, Repetition> is;
  std::size_t line = 0;  // Where it begins, from 1.
};

// A checked template. Immutable, safe to share between threads.
class Templates {
 public:
  // invalid_argument, naming part and line, and where a name is unknown the nearest one, when
  // - a token, a condition or a loop is unknown, or has no meaning there or in this kind of mail;
  // - a percent sign begins nothing; a block is not closed, closed twice or stands too deep;
  // - in the HTML, a value would stand inside a tag, a comment or a style, or a block begins at another kind
  // of
  //   place than it ends; or there is something that runs or fetches, such as <script>, onclick=, a picture
  //   that is not the logo, or url( in a style;
  // - a part is no UTF-8, has a control character other than tab and line end, or more than kPartBytesMax
  //   bytes; or the subject has more than one line or none, or a loop;
  // - the customer would not be told: text or HTML of a mail with sessions can come out without %each
  //   session%, or of `sessions` without %if exhausted% (N7, N30); of a notice without %each notice%.
  [[nodiscard]] static base::Result<Templates> load(Kind kind, const TemplateTexts& texts);

  Kind kind() const { return kind_; }
  const Pieces& pieces(Part part) const { return pieces_[static_cast<std::size_t>(part)]; }

 private:
  Kind kind_ = Kind::sessions;
  std::array<Pieces, kParts> pieces_;
};

}  // namespace collector::mail
