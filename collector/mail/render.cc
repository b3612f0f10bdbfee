#include "collector/mail/render.h"

#include <utility>

#include "collector/mail/text.h"
#include "collector/mail/values.h"
#include "common/timing/zone.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

bool is_amount(Token token) {
  return token == Token::charged || token == Token::total_charged || token == Token::balance ||
         token == Token::threshold;
}

// A number stays on one line with its unit: "1 Stunde 30 Minuten" breaks in the middle only.
std::string kept_together(const std::string& amount) {
  std::string out;
  for (std::size_t i = 0; i < amount.size(); ++i) {
    const bool behind_digit = i > 0 && amount[i - 1] >= '0' && amount[i - 1] <= '9';
    if (amount[i] == ' ' && behind_digit) {
      out += "\u00A0";
    } else {
      out += amount[i];
    }
  }
  return out;
}

// One part of one mail. Refers to its arguments, which outlive it inside render().
class Filler {
 public:
  Filler(const MailInput& input, Part part) : input_(input), part_(part) {}

  std::string fill(const Pieces& pieces) {
    put(pieces, Place{});
    return std::move(out_);
  }

 private:
  void put(const Pieces& pieces, const Place& place) {
    for (const auto& piece : pieces) {
      if (const auto* literal = std::get_if<std::string>(&piece.is)) {
        out_ += *literal;
      } else if (const auto* token = std::get_if<Token>(&piece.is)) {
        out_ += escaped(*token, value_of(*token, input_, place));
      } else if (const auto* choice = std::get_if<Choice>(&piece.is)) {
        const bool holds = is_so(choice->condition, input_, place) != choice->negated;
        put(holds ? choice->then : choice->otherwise, place);
      } else {
        repeat(std::get<Repetition>(piece.is));
      }
    }
  }

  void repeat(const Repetition& loop) {
    if (loop.scope == kInSession) {
      for (const auto& session : input_.sessions) put(loop.body, Place{.session = &session});
    } else if (loop.scope == kInContract) {
      for (const auto& contract : input_.contracts) put(loop.body, Place{.contract = &contract});
    } else {
      for (const auto& notice : input_.notices) put(loop.body, Place{.notice = &notice});
    }
  }

  // A further line of a value is indented in the text part, deeper than any line of the shipped templates, so
  // that a comment cannot pass for a line of ours.
  std::string escaped(Token token, const std::string& value) const {
    if (part_ == Part::html) return html_escape(is_amount(token) ? kept_together(value) : value);
    std::string out;
    for (const char c : value) {
      out += c;
      if (c == '\n') out += "      ";
    }
    return out;
  }

  const MailInput& input_;
  Part part_;
  std::string out_;
};

}  // namespace

base::Result<Rendered> render(const MailInput& input, const Templates& templates) {
  const auto refuse = [](std::string what) { return fail(ErrorCode::invalid_argument, std::move(what)); };
  if (input.kind != templates.kind()) {
    return refuse("a template of " + std::string{to_string(templates.kind())} + " cannot tell " +
                  std::string{to_string(input.kind)});
  }
  const bool is_notice = input.kind == Kind::notice;
  if (input.sessions.empty() != is_notice)
    return refuse(is_notice ? "a notice lists no sessions" : "a mail needs at least one session");
  if (input.notices.empty() == is_notice)
    return refuse(is_notice ? "a notice needs something to tell" : "only a notice tells of notices");
  if (!timing::is_zone(input.time_zone))
    return refuse("'" + one_line(input.time_zone) + "' is no known time zone");
  const auto filled = [&](Part part) { return Filler{input, part}.fill(templates.pieces(part)); };
  auto subject = header_line(filled(Part::subject));
  if (subject.empty()) subject = header_line(input.customer + " " + input.reference);
  return Rendered{.subject = std::move(subject), .text = filled(Part::text), .html = filled(Part::html)};
}

}  // namespace collector::mail
