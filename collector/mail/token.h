// The tokens a mail template may use: %name% stands for a value, %% for one percent sign.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace collector::mail {

enum class Token {
  customer,
  sender,
  reference,
  mail_date,
  time_zone,
  first_day,
  last_day,
  session_count,
  total_time,
  total_charged,
  total_charged_minutes,
  sessions,
  contracts,
  exhausted,
  date,
  start,
  end,
  duration,
  charged,
  charged_minutes,
  terminal,
  technician,
  comment,
  contract,
  balance,
  balance_minutes,
};

// Where a token has a meaning.
enum class Scope {
  mail,      // In every part.
  body,      // A block made from the row templates: in the two bodies only.
  session,   // In the session row templates only.
  contract,  // In the contract and exhausted templates only.
};

struct KnownToken {
  Token token;
  std::string_view name;  // Between the percent signs; lower case, digits and '_'.
  Scope scope;
  std::string_view meaning;
  std::string_view example;  // What a reader would see.
};

// Every token, in the order of the documentation. Static storage.
std::span<const KnownToken> known_tokens();

// Where tokens of this scope may stand, in words that complete "is known only in".
std::string_view describe(Scope scope);

}  // namespace collector::mail
