// The parametric template of a mail, checked before it is ever used.
//
// A template set has twelve small parts. Two bodies (text and HTML) hold the mail; %sessions%, %contracts%
// and %exhausted% in them are filled from the row parts, once for each session or contract, so that no part
// needs a loop. Every part is parsed at load: an unknown token, a token where it has no meaning and a lone
// percent sign are refused with part and line, so that nothing unexpanded is ever sent (requirements N29).

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "collector/mail/token.h"
#include "common/base/result.h"

namespace collector::mail {

enum class Part {
  subject,    // One line.
  no_charge,  // One line: what %charged% shows for a session without charge.
  body_text,
  body_html,
  session_text,
  session_html,
  prepaid_text,
  prepaid_html,  // One contract with bought time.
  indefinite_text,
  indefinite_html,  // One contract billed by period.
  exhausted_text,
  exhausted_html,  // One contract whose time has run out.
};
inline constexpr std::size_t kParts = 12;
inline constexpr std::size_t kPartBytesMax = std::size_t{256} * 1024;

// The part's name in messages and in the store: "body_html". Also the name of the default's file.
std::string_view to_string(Part part);

// True for parts whose values are HTML-escaped.
bool is_html(Part part);

// The twelve texts as a person wrote them, indexed by Part.
struct TemplateTexts {
  std::array<std::string, kParts> part;
  std::string& operator[](Part p) { return part[static_cast<std::size_t>(p)]; }
  const std::string& operator[](Part p) const { return part[static_cast<std::size_t>(p)]; }
};

// The English texts that come with the program.
TemplateTexts default_texts();

// A checked set. Immutable, safe to share between threads.
class Templates {
 public:
  using Piece = std::variant<std::string, Token>;  // Literal text, or a value's place.

  // invalid_argument, naming part, line and the nearest known token, when a part has an unknown token, one
  // that has no meaning there, a lone '%', bytes that are no UTF-8, a control character other than tab and
  // line end, or more than kPartBytesMax bytes; when a one-line part is empty or has several lines; when a
  // body lacks %sessions% or %exhausted%, for then the customer would not be told (N7, N30).
  [[nodiscard]] static base::Result<Templates> load(const TemplateTexts& texts);

  const std::vector<Piece>& pieces(Part part) const { return pieces_[static_cast<std::size_t>(part)]; }

 private:
  std::array<std::vector<Piece>, kParts> pieces_;
};

}  // namespace collector::mail
