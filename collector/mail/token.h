// What a mail template may say: %name% stands for a value, %if name% for a condition, %each name% for a loop,
// %% for one percent sign.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "collector/mail/message.h"

namespace collector::mail {

enum class Token {
  customer,
  recipient,
  sender,
  reference,
  mail_date,
  time_zone,
  language,
  logo,
  logo_width,
  logo_height,
  first_day,
  last_day,
  period,
  session_count,
  total_time,
  total_charged,
  total_charged_minutes,
  date,
  start,
  finish,
  duration,
  charged,
  charged_minutes,
  terminal,
  technician,
  comment,
  work,
  explanation,
  contract,
  balance,
  balance_minutes,
  threshold,
  day,
};

enum class Condition {
  exhausted,
  low_balance,
  no_charge,
  charged,
  several_sessions,
  several_contracts,
  several_notices,
  partner,
  logo,
  together,
  corrected,
  comment,
  terminal,
  work,
  technician,
  explanation,
  prepaid,
  money,
  overdrawn,
  used,
  left,
  ends_soon,
  part,
};

// Where something has a meaning: anywhere, or inside one of the loops. Added up to say several.
using Scopes = unsigned;
inline constexpr Scopes kInMail = 1, kInSession = 2, kInContract = 4, kInNotice = 8;

// In which kinds of mail. Added up to say several.
using Kinds = unsigned;
inline constexpr Kinds kOfSessions = 1, kOfPartners = 2, kOfNotices = 4;
inline constexpr Kinds kOfBoth = kOfSessions | kOfPartners, kOfAll = kOfBoth | kOfNotices;
Kinds bit_of(Kind kind);

struct KnownToken {
  Token token;
  std::string_view name;  // Between the percent signs; lower case and '_'.
  Scopes scopes;
  Kinds kinds;
  bool in_tag;  // It may stand inside a tag of the HTML: its value is ours, never a foreign text.
  std::string_view meaning;
  std::string_view example;  // What a reader would see, in English.
};

struct KnownCondition {
  Condition condition;
  std::string_view name;  // Behind "%if ".
  Scopes scopes;
  Kinds kinds;
  std::string_view meaning;  // Completes "true if ".
};

struct KnownLoop {
  Scopes scope;           // What is known inside.
  std::string_view name;  // Behind "%each ".
  Kinds kinds;
  std::string_view meaning;
};

// All, in the order of the documentation. Static storage.
std::span<const KnownToken> known_tokens();
std::span<const KnownCondition> known_conditions();
std::span<const KnownLoop> known_loops();

// Where these scopes are, in words that complete "is known only": "inside %each session%".
std::string describe(Scopes scopes);

// Which kinds these are, in words that complete "is known only in": "notice mails".
std::string describe_kinds(Kinds kinds);

}  // namespace collector::mail
