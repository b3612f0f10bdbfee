#include "collector/mail/template.h"

#include <algorithm>
#include <optional>

#include "collector/mail/embedded_templates.h"
#include "collector/mail/text.h"
#include "common/base/nearest.h"
#include "common/base/utf8.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using Pieces = std::vector<Templates::Piece>;

constexpr std::array<std::string_view, kParts> kNames{
    "subject",      "no_charge",    "body_text",       "body_html",       "session_text",   "session_html",
    "prepaid_text", "prepaid_html", "indefinite_text", "indefinite_html", "exhausted_text", "exhausted_html"};

bool is_one_line(Part part) {
  return part == Part::subject || part == Part::no_charge;
}

bool is_allowed(Scope scope, Part part) {
  switch (scope) {
    case Scope::mail: return true;
    case Scope::body: return part == Part::body_text || part == Part::body_html;
    case Scope::session: return part == Part::session_text || part == Part::session_html;
    case Scope::contract: return part >= Part::prepaid_text;
  }
  return false;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string unknown_token(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& known : known_tokens()) names.emplace_back(known.name);
  std::string message = "%" + std::string{name} + "% is no known token";
  if (const auto near = base::nearest(name, names)) message += "; did you mean %" + *near + "%?";
  return message;
}

Result<Token> token_named(std::string_view name, Part part) {
  for (const auto& known : known_tokens()) {
    if (known.name != name) continue;
    if (is_allowed(known.scope, part)) return known.token;
    return fail(ErrorCode::invalid_argument,
                "%" + std::string{name} + "% is known only in " + std::string{describe(known.scope)});
  }
  return fail(ErrorCode::invalid_argument, unknown_token(name));
}

void append_literal(Pieces& pieces, std::string_view text) {
  if (text.empty()) return;
  if (pieces.empty() || !std::holds_alternative<std::string>(pieces.back()))
    pieces.emplace_back(std::string{});
  std::get<std::string>(pieces.back()) += text;
}

class Parser {
 public:
  Parser(Part part, std::string_view text) : part_(part), text_(text) {}

  Result<Pieces> parse() {
    while (at_ < text_.size()) {
      const auto percent = std::min(text_.find('%', at_), text_.size());
      append_literal(pieces_, text_.substr(at_, percent - at_));
      at_ = percent;
      if (at_ == text_.size()) break;
      if (const auto status = token(); !status) return fail(where(), status.error());
    }
    return std::move(pieces_);
  }

 private:
  base::Status token() {
    auto end = at_ + 1;
    while (end < text_.size() && is_name_character(text_[end])) ++end;
    if (end == text_.size() || text_[end] != '%') {
      return fail(ErrorCode::invalid_argument, "a percent sign that begins no token is written %%");
    }
    const auto name = text_.substr(at_ + 1, end - at_ - 1);
    if (name.empty()) {
      append_literal(pieces_, "%");
    } else {
      const auto found = token_named(name, part_);
      if (!found) return std::unexpected{found.error()};
      pieces_.emplace_back(*found);
    }
    at_ = end + 1;
    return {};
  }

  std::string where() const {
    const auto line = 1 + std::ranges::count(text_.substr(0, at_), '\n');
    return std::string{to_string(part_)} + " line " + std::to_string(line);
  }

  Part part_;
  std::string_view text_;
  std::size_t at_ = 0;
  Pieces pieces_;
};

// CRLF becomes LF, for a browser's text field sends CRLF; one-line parts lose the line end of their last
// line.
std::string normalised(Part part, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
  }
  if (is_one_line(part) && out.ends_with('\n')) out.pop_back();
  return out;
}

std::optional<std::string> flaw(Part part, std::string_view text) {
  if (text.size() > kPartBytesMax) return "has more than " + std::to_string(kPartBytesMax) + " bytes";
  if (!base::is_utf8(text)) return "is not UTF-8";
  const auto control = [](char c) { return (c >= 0 && c < 0x20 && c != '\n' && c != '\t') || c == 0x7F; };
  if (std::ranges::any_of(text, control)) return "has a control character";
  if (!is_one_line(part)) return std::nullopt;
  if (text.find('\n') != text.npos) return "has more than one line";
  if (text.find_first_not_of(" \t") == text.npos) return "is empty";
  return std::nullopt;
}

base::Status require(Part part, const Pieces& pieces, Token token, std::string_view name) {
  if (std::ranges::find(pieces, Templates::Piece{token}) != pieces.end()) return {};
  return fail(ErrorCode::invalid_argument, std::string{to_string(part)} + " lacks %" + std::string{name} +
                                               "%, so the customer would not be told");
}

}  // namespace

std::string_view to_string(Part part) {
  return kNames[static_cast<std::size_t>(part)];
}

bool is_html(Part part) {
  return to_string(part).ends_with("_html");
}

TemplateTexts default_texts() {
  using namespace default_templates;
  const std::array<std::string_view, kParts> embedded{
      subject,      no_charge,    body_text,       body_html,       session_text,   session_html,
      prepaid_text, prepaid_html, indefinite_text, indefinite_html, exhausted_text, exhausted_html};
  TemplateTexts texts;
  std::ranges::copy(embedded, texts.part.begin());
  return texts;
}

base::Result<Templates> Templates::load(const TemplateTexts& texts) {
  Templates loaded;
  for (std::size_t i = 0; i < kParts; ++i) {
    const auto part = static_cast<Part>(i);
    const auto text = normalised(part, texts.part[i]);
    if (const auto what = flaw(part, text)) {
      return fail(ErrorCode::invalid_argument, std::string{to_string(part)} + " " + *what);
    }
    auto pieces = Parser{part, text}.parse();
    if (!pieces) return std::unexpected{pieces.error()};
    loaded.pieces_[i] = std::move(*pieces);
  }
  for (const auto body : {Part::body_text, Part::body_html}) {
    if (auto status = require(body, loaded.pieces(body), Token::sessions, "sessions"); !status) {
      return std::unexpected{status.error()};
    }
    if (auto status = require(body, loaded.pieces(body), Token::exhausted, "exhausted"); !status) {
      return std::unexpected{status.error()};
    }
  }
  return loaded;
}

}  // namespace collector::mail
