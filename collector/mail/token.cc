#include "collector/mail/token.h"

#include <array>

namespace collector::mail {

namespace {

constexpr std::array kTokens{
    KnownToken{Token::customer, "customer", Scope::mail, "The customer's name", "Acme Ltd"},
    KnownToken{Token::sender, "sender", Scope::mail, "The name the mail is sent under", "Example Support"},
    KnownToken{Token::reference, "reference", Scope::mail, "The mail's own number, for questions",
               "batch-17"},
    KnownToken{Token::mail_date, "mail_date", Scope::mail,
               "The day the mail was made, in the customer's time zone", "2026-11-21"},
    KnownToken{Token::time_zone, "time_zone", Scope::mail, "The time zone of all days and times",
               "Europe/Athens"},
    KnownToken{Token::first_day, "first_day", Scope::mail, "The day the earliest session began",
               "2026-11-20"},
    KnownToken{Token::last_day, "last_day", Scope::mail, "The day the latest session began", "2026-11-21"},
    KnownToken{Token::session_count, "session_count", Scope::mail, "How many sessions the mail lists", "3"},
    KnownToken{Token::total_time, "total_time", Scope::mail,
               "The time of all sessions, hours:minutes:seconds", "1:25:40"},
    KnownToken{Token::total_charged, "total_charged", Scope::mail, "The charge of all sessions",
               "1 h 30 min"},
    KnownToken{Token::total_charged_minutes, "total_charged_minutes", Scope::mail,
               "The charge of all sessions in whole minutes", "90"},

    KnownToken{Token::sessions, "sessions", Scope::body, "One session row for each session; must be used",
               "(the table rows)"},
    KnownToken{Token::contracts, "contracts", Scope::body,
               "One contract row for each contract of the sessions", "(the contracts)"},
    KnownToken{Token::exhausted, "exhausted", Scope::body,
               "One exhausted-time text for each contract whose time has run out, else nothing; must be used",
               "(the notice)"},

    KnownToken{Token::date, "date", Scope::session, "The day the session began, in the customer's time zone",
               "2026-11-21"},
    KnownToken{Token::start, "start", Scope::session, "When it began", "10:05"},
    KnownToken{Token::end, "end", Scope::session, "When it ended; (+1) marks the following day", "10:20"},
    KnownToken{Token::duration, "duration", Scope::session, "The time consumed, hours:minutes:seconds",
               "0:15:12"},
    KnownToken{Token::charged, "charged", Scope::session,
               "The charge of this session, or the no-charge text if there is none", "20 min"},
    KnownToken{Token::charged_minutes, "charged_minutes", Scope::session,
               "The charge of this session in whole minutes", "20"},
    KnownToken{Token::terminal, "terminal", Scope::session, "The customer's machine", "Server"},
    KnownToken{Token::technician, "technician", Scope::session, "Who worked", "Maria K."},
    KnownToken{Token::comment, "comment", Scope::session,
               "What was done; further lines of it are indented by four blanks in the text part",
               "antivirus update"},

    KnownToken{Token::contract, "contract", Scope::contract, "The contract's name", "Support 2026"},
    KnownToken{Token::balance, "balance", Scope::contract,
               "Prepaid: the time or money left. Indefinite: the time charged and not billed yet",
               "9 h 40 min"},
    KnownToken{Token::balance_minutes, "balance_minutes", Scope::contract,
               "The same in whole minutes; 0 where the contract holds money", "580"},
};

}  // namespace

std::span<const KnownToken> known_tokens() {
  return kTokens;
}

std::string_view describe(Scope scope) {
  switch (scope) {
    case Scope::mail: return "every part";
    case Scope::body: return "the two bodies";
    case Scope::session: return "the session rows";
    case Scope::contract: return "the contract rows and the exhausted-time texts";
  }
  return "no part";
}

}  // namespace collector::mail
