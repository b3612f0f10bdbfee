#include "collector/mail/values.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "collector/mail/language.h"
#include "collector/mail/language_tag.h"
#include "collector/mail/text.h"
#include "collector/rating/money.h"
#include "common/timing/zone.h"

namespace collector::mail {

namespace {

// "2026-11-16 09:05" in the mail's zone, which render() has checked.
std::string local(const MailInput& input, timing::UtcMs at) {
  return timing::local_text(at, input.time_zone).value_or("1970-01-01 00:00");
}

std::chrono::year_month_day day_of(const MailInput& input, timing::UtcMs at) {
  const auto midnight = timing::from_rfc3339(local(input, at).substr(0, 10) + "T00:00:00Z");
  return std::chrono::floor<std::chrono::days>(midnight.value_or(timing::UtcMs{}));
}

std::string clock(const MailInput& input, timing::UtcMs at) {
  return local(input, at).substr(11);
}

std::string end_text(const MailInput& input, const SessionLine& session) {
  const std::chrono::sys_days first{day_of(input, session.started)}, last{day_of(input, session.ended)};
  const auto days = (last - first).count();
  return clock(input, session.ended) + (days > 0 ? " (" + days_later(days, input.language) + ")" : "");
}

// What a session costs, or several of them: one kind of time, and each currency.
struct Charged {
  std::int64_t minutes = 0;
  std::map<std::string, std::int64_t> money;

  void add(const SessionLine& session) {
    if (session.no_charge) return;
    minutes += session.charged_min;
    for (const auto& [amount, currency] : session.charged_money) money[currency] += amount;
  }
  bool is_something() const {
    return minutes > 0 || std::ranges::any_of(money, [](const auto& one) { return one.second > 0; });
  }
};

Charged charged(const SessionLine& session) {
  Charged all;
  all.add(session);
  return all;
}

Charged total_charged(const MailInput& input) {
  Charged all;
  for (const auto& session : input.sessions) all.add(session);
  return all;
}

// "30 min", "67.50 EUR", or "30 min, 67.50 EUR".
std::string charged_text(const Charged& charged, const std::string& language) {
  std::string text = charged.minutes != 0 ? minutes_words(charged.minutes, language) : "";
  for (const auto& [currency, amount] : charged.money) {
    if (amount == 0) continue;
    if (!text.empty()) text += ", ";
    text += money_words(rating::money_text(amount, currency), language) + " " + one_line(currency);
  }
  return text.empty() ? minutes_words(0, language) : text;
}

std::int64_t total_seconds(const MailInput& input) {
  std::int64_t seconds = 0;
  for (const auto& session : input.sessions) seconds += session.seconds;
  return seconds;
}

// Where the mail's sessions began; of a mail without any, its own day.
std::pair<std::chrono::year_month_day, std::chrono::year_month_day> days_of(const MailInput& input) {
  if (input.sessions.empty()) return {day_of(input, input.date), day_of(input, input.date)};
  const auto [first, last] = std::ranges::minmax(input.sessions, {}, &SessionLine::started);
  return {day_of(input, first.started), day_of(input, last.started)};
}

// The sessions', or the notices'.
std::size_t contract_count(const MailInput& input) {
  if (input.notices.empty()) return input.contracts.size();
  std::set<std::string_view> names;
  for (const auto& notice : input.notices) names.insert(notice.contract);
  return names.size();
}

std::string period(const MailInput& input) {
  const auto [first, last] = days_of(input);
  const auto text = long_day(first, input.language);
  return first == last ? text : text + " - " + long_day(last, input.language);
}

std::string amount(const MailInput& input, std::int64_t minutes, const std::string& money) {
  return money.empty() ? minutes_words(minutes, input.language)
                       : one_line(money_words(money, input.language));
}

bool is_exhausted(const ContractBlock& contract) {
  return contract.exhausted && contract.prepaid && contract.balance_min <= 0;
}

bool is_low(const ContractBlock& contract) {
  return contract.low && contract.prepaid && !is_exhausted(contract);
}

bool is_overdrawn(std::int64_t minutes, const std::string& money) {
  return money.empty() ? minutes < 0 : money.starts_with('-');
}

std::string threshold_of(const MailInput& input, const NoticeLine& notice) {
  if (notice.used_percent) return percent_words(*notice.used_percent, input.language);
  if (!notice.left_money.empty()) return amount(input, 0, notice.left_money);
  return notice.left_min ? minutes_words(*notice.left_min, input.language) : "";
}

// As it is shown: made smaller until it fits, never larger.
std::pair<unsigned, unsigned> logo_size(const MailInput& input) {
  if (!input.logo) return {0, 0};
  const auto [width, height] = std::pair{input.logo->width, input.logo->height};
  const double scale = std::min({1.0, 220.0 / width, 60.0 / height});
  const auto scaled = [&](unsigned side) { return std::max(1U, static_cast<unsigned>(side * scale)); };
  return {scaled(width), scaled(height)};
}

std::string of_session(Token token, const MailInput& input, const SessionLine& session) {
  switch (token) {
    case Token::date: return short_day(day_of(input, session.started), input.language);
    case Token::start: return clock(input, session.started);
    case Token::finish: return end_text(input, session);
    case Token::duration: return duration_text(session.seconds);
    case Token::charged:
      return session.together ? together_words(input.language)
                              : charged_text(charged(session), input.language);
    case Token::charged_minutes: return std::to_string(charged(session).minutes);
    case Token::terminal: return isolated(one_line(session.terminal));
    case Token::technician: return isolated(one_line(session.technician));
    case Token::comment: return isolated(many_lines(session.text));
    case Token::work: return work_words(session.work, input.language);
    case Token::explanation: return charge_words(session.steps, input.language);
    default: return {};
  }
}

std::string of_contract(Token token, const MailInput& input, const ContractBlock& contract) {
  switch (token) {
    case Token::contract: return isolated(one_line(contract.name));
    case Token::balance: return amount(input, contract.balance_min, contract.money_left);
    case Token::balance_minutes: return std::to_string(contract.balance_min);
    default: return {};
  }
}

std::string of_notice(Token token, const MailInput& input, const NoticeLine& notice) {
  switch (token) {
    case Token::contract: return isolated(one_line(notice.contract));
    case Token::balance: return amount(input, notice.balance_min, notice.balance_money);
    case Token::balance_minutes: return std::to_string(notice.balance_min);
    case Token::threshold: return threshold_of(input, notice);
    case Token::day: return notice.day ? long_day(*notice.day, input.language) : "";
    default: return {};
  }
}

std::string of_mail(Token token, const MailInput& input) {
  switch (token) {
    case Token::customer: return isolated(one_line(input.customer));
    case Token::recipient:
      return isolated(one_line(input.recipient_name.empty() ? input.customer : input.recipient_name));
    case Token::sender: return isolated(one_line(input.sender_name));
    case Token::reference: return one_line(input.reference);
    case Token::mail_date: return long_day(day_of(input, input.date), input.language);
    case Token::time_zone: return one_line(input.time_zone);
    case Token::language: return is_language(input.language) ? input.language : "en";
    case Token::logo: return input.logo ? "cid:" + logo_id(input) : "";
    case Token::logo_width: return std::to_string(logo_size(input).first);
    case Token::logo_height: return std::to_string(logo_size(input).second);
    case Token::first_day: return long_day(days_of(input).first, input.language);
    case Token::last_day: return long_day(days_of(input).second, input.language);
    case Token::period: return period(input);
    case Token::session_count: return std::to_string(input.sessions.size());
    case Token::total_time: return duration_text(total_seconds(input));
    case Token::total_charged: return charged_text(total_charged(input), input.language);
    case Token::total_charged_minutes: return std::to_string(total_charged(input).minutes);
    default: return {};
  }
}

bool of_session(Condition condition, const MailInput& input, const SessionLine& session) {
  switch (condition) {
    case Condition::no_charge: return session.no_charge;
    case Condition::charged: return charged(session).is_something();
    case Condition::corrected: return session.corrected;
    case Condition::together: return session.together;
    case Condition::comment: return !many_lines(session.text).empty();
    case Condition::terminal: return !one_line(session.terminal).empty();
    case Condition::work: return session.work != Work::remote;
    case Condition::technician: return !one_line(session.technician).empty();
    case Condition::explanation: return !charge_words(session.steps, input.language).empty();
    default: return false;
  }
}

bool of_contract(Condition condition, const ContractBlock& contract) {
  switch (condition) {
    case Condition::exhausted: return is_exhausted(contract);
    case Condition::low_balance: return is_low(contract);
    case Condition::prepaid: return contract.prepaid;
    case Condition::money: return !contract.money_left.empty();
    case Condition::overdrawn: return is_overdrawn(contract.balance_min, contract.money_left);
    default: return false;
  }
}

bool of_notice(Condition condition, const NoticeLine& notice) {
  switch (condition) {
    case Condition::exhausted: return notice.kind == NoticeKind::exhausted;
    case Condition::used: return notice.kind == NoticeKind::threshold && notice.used_percent.has_value();
    case Condition::left: return notice.kind == NoticeKind::threshold && !notice.used_percent;
    case Condition::ends_soon: return notice.kind == NoticeKind::expiry;
    case Condition::part: return notice.part;
    case Condition::money: return !notice.balance_money.empty();
    case Condition::overdrawn: return is_overdrawn(notice.balance_min, notice.balance_money);
    default: return false;
  }
}

bool of_mail(Condition condition, const MailInput& input) {
  switch (condition) {
    case Condition::exhausted:
      return std::ranges::any_of(input.contracts, is_exhausted) ||
             std::ranges::any_of(input.notices,
                                 [](const NoticeLine& n) { return n.kind == NoticeKind::exhausted; });
    case Condition::low_balance: return std::ranges::any_of(input.contracts, is_low);
    case Condition::no_charge: return std::ranges::any_of(input.sessions, &SessionLine::no_charge);
    case Condition::charged: return total_charged(input).is_something();
    case Condition::corrected: return std::ranges::any_of(input.sessions, &SessionLine::corrected);
    case Condition::several_sessions: return input.sessions.size() > 1;
    case Condition::several_contracts: return contract_count(input) > 1;
    case Condition::several_notices: return input.notices.size() > 1;
    case Condition::partner: return input.kind == Kind::partner_copy;
    case Condition::logo: return input.logo != nullptr;
    default: return false;
  }
}

// What is known in the whole mail is asked of it also inside the loops, unless the loop knows better.
template <class Known, class Name>
bool is_known_in(std::span<const Known> all, Name Known::* name, Name asked, Scopes scope) {
  const auto found = std::ranges::find(all, asked, name);
  return found != all.end() && (found->scopes & scope) != 0;
}

}  // namespace

std::string value_of(Token token, const MailInput& input, const Place& place) {
  const auto known = [&](Scopes scope) {
    return is_known_in(known_tokens(), &KnownToken::token, token, scope);
  };
  if (place.session != nullptr && known(kInSession)) return of_session(token, input, *place.session);
  if (place.contract != nullptr && known(kInContract)) return of_contract(token, input, *place.contract);
  if (place.notice != nullptr && known(kInNotice)) return of_notice(token, input, *place.notice);
  return of_mail(token, input);
}

bool is_so(Condition condition, const MailInput& input, const Place& place) {
  const auto known = [&](Scopes scope) {
    return is_known_in(known_conditions(), &KnownCondition::condition, condition, scope);
  };
  if (place.session != nullptr && known(kInSession)) return of_session(condition, input, *place.session);
  if (place.contract != nullptr && known(kInContract)) return of_contract(condition, *place.contract);
  if (place.notice != nullptr && known(kInNotice)) return of_notice(condition, *place.notice);
  return of_mail(condition, input);
}

std::string logo_id(const MailInput& input) {
  return "logo." + input.message_id;
}

}  // namespace collector::mail
