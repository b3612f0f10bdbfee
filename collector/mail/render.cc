#include "collector/mail/render.h"

#include <algorithm>
#include <optional>

#include "collector/mail/text.h"
#include "common/timing/zone.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

// One mail's values. Refers to its arguments, which outlive it inside render().
class Filler {
 public:
  Filler(const MailInput& input, const Templates& templates) : input_(input), templates_(templates) {}

  std::string fill(Part part, const SessionLine* session = nullptr,
                   const ContractBlock* contract = nullptr) const {
    std::string out;
    for (const auto& piece : templates_.pieces(part)) {
      if (const auto* literal = std::get_if<std::string>(&piece)) {
        out += *literal;
        continue;
      }
      const auto token = std::get<Token>(piece);
      if (auto block = block_of(token, part)) {
        out += *block;
      } else if (session != nullptr && is_session_token(token)) {
        out += escaped(session_value(token, *session), part);
      } else if (contract != nullptr && is_contract_token(token)) {
        out += escaped(contract_value(token, *contract), part);
      } else {
        out += escaped(mail_value(token), part);
      }
    }
    return out;
  }

 private:
  static bool is_session_token(Token token) { return token >= Token::date && token <= Token::comment; }
  static bool is_contract_token(Token token) { return token >= Token::contract; }

  // A further line of a value is indented in the text part, so that a comment cannot pass for a line of ours.
  static std::string escaped(const std::string& value, Part part) {
    if (is_html(part)) return html_escape(value);
    std::string out;
    for (const char c : value) {
      out += c;
      if (c == '\n') out += "    ";
    }
    return out;
  }

  std::optional<std::string> block_of(Token token, Part part) const {
    const bool html = is_html(part);
    std::string out;
    switch (token) {
      case Token::sessions:
        for (const auto& session : input_.sessions)
          out += fill(html ? Part::session_html : Part::session_text, &session);
        return out;
      case Token::contracts:
        for (const auto& contract : input_.contracts)
          out += fill(contract_part(contract, html), nullptr, &contract);
        return out;
      case Token::exhausted:
        for (const auto& contract : input_.contracts) {
          if (!contract.exhausted || !contract.prepaid || contract.balance_min > 0) continue;
          out += fill(html ? Part::exhausted_html : Part::exhausted_text, nullptr, &contract);
        }
        return out;
      default: return std::nullopt;
    }
  }

  static Part contract_part(const ContractBlock& contract, bool html) {
    if (contract.prepaid) return html ? Part::prepaid_html : Part::prepaid_text;
    return html ? Part::indefinite_html : Part::indefinite_text;
  }

  std::string mail_value(Token token) const {
    switch (token) {
      case Token::customer: return one_line(input_.customer);
      case Token::sender: return one_line(input_.sender_name);
      case Token::reference: return one_line(input_.reference);
      case Token::mail_date: return day(input_.date);
      case Token::time_zone: return one_line(input_.time_zone);
      case Token::first_day: return day(session_starts().first);
      case Token::last_day: return day(session_starts().second);
      case Token::session_count: return std::to_string(input_.sessions.size());
      case Token::total_time: {
        std::int64_t seconds = 0;
        for (const auto& session : input_.sessions) seconds += session.seconds;
        return duration_text(seconds);
      }
      case Token::total_charged: return minutes_text(total_charged());
      case Token::total_charged_minutes: return std::to_string(total_charged());
      default: return {};
    }
  }

  std::string session_value(Token token, const SessionLine& session) const {
    switch (token) {
      case Token::date: return day(session.started);
      case Token::start: return clock(session.started);
      case Token::end: return end_text(session);
      case Token::duration: return duration_text(session.seconds);
      case Token::charged: return session.no_charge ? fill(Part::no_charge) : minutes_text(charged(session));
      case Token::charged_minutes: return std::to_string(charged(session));
      case Token::terminal: return one_line(session.terminal);
      case Token::technician: return one_line(session.technician);
      case Token::comment: return many_lines(session.text);
      default: return {};
    }
  }

  static std::string contract_value(Token token, const ContractBlock& contract) {
    switch (token) {
      case Token::contract: return one_line(contract.name);
      case Token::balance:
        return contract.money_left.empty() ? minutes_text(contract.balance_min)
                                           : one_line(contract.money_left);
      case Token::balance_minutes: return std::to_string(contract.balance_min);
      default: return {};
    }
  }

  static std::int64_t charged(const SessionLine& session) {
    return session.no_charge ? 0 : session.charged_min;
  }

  std::int64_t total_charged() const {
    std::int64_t minutes = 0;
    for (const auto& session : input_.sessions) minutes += charged(session);
    return minutes;
  }

  // The earliest and the latest; a mail without sessions is of its own day.
  std::pair<timing::UtcMs, timing::UtcMs> session_starts() const {
    if (input_.sessions.empty()) return {input_.date, input_.date};
    const auto [first, last] = std::ranges::minmax(input_.sessions, {}, &SessionLine::started);
    return {first.started, last.started};
  }

  // "2026-11-16 09:05" in the mail's zone, which render() has checked.
  std::string local(timing::UtcMs at) const { return timing::local_text(at, input_.time_zone).value_or(""); }
  std::string day(timing::UtcMs at) const { return local(at).substr(0, 10); }
  std::string clock(timing::UtcMs at) const { return local(at).substr(11); }

  std::string end_text(const SessionLine& session) const {
    const auto midnight = [this](timing::UtcMs at) { return timing::from_rfc3339(day(at) + "T00:00:00Z"); };
    const auto first = midnight(session.started), last = midnight(session.ended);
    const auto days = first && last ? (*last - *first) / std::chrono::days{1} : 0;
    return clock(session.ended) + (days > 0 ? " (+" + std::to_string(days) + ")" : "");
  }

  const MailInput& input_;
  const Templates& templates_;
};

}  // namespace

base::Result<Rendered> render(const MailInput& input, const Templates& templates) {
  const bool is_notice = input.kind == Kind::notice;
  if (input.sessions.empty() != is_notice) {
    return fail(ErrorCode::invalid_argument,
                is_notice ? "a notice lists no sessions" : "a mail needs at least one session");
  }
  if (input.notices.empty() == is_notice) {
    return fail(ErrorCode::invalid_argument,
                is_notice ? "a notice needs something to tell" : "only a notice tells of notices");
  }
  if (!timing::is_zone(input.time_zone)) {
    return fail(ErrorCode::invalid_argument, "'" + one_line(input.time_zone) + "' is no known time zone");
  }
  const Filler filler{input, templates};
  return Rendered{.subject = one_line(filler.fill(Part::subject)),
                  .text = filler.fill(Part::body_text),
                  .html = filler.fill(Part::body_html)};
}

}  // namespace collector::mail
