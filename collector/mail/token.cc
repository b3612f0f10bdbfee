#include "collector/mail/token.h"

#include <array>
#include <vector>

namespace collector::mail {

namespace {

constexpr std::array kTokens{
    KnownToken{Token::customer, "customer", kInMail, kOfAll, false, "The customer's name", "Acme Ltd"},
    KnownToken{Token::recipient, "recipient", kInMail, kOfAll, false,
               "Whom the mail is addressed to: the customer, or in a partner's copy the partner", "Acme Ltd"},
    KnownToken{Token::sender, "sender", kInMail, kOfAll, false, "The name the mail is sent under",
               "Example Support"},
    KnownToken{Token::reference, "reference", kInMail, kOfAll, false, "The mail's own number, for questions",
               "17.204"},
    KnownToken{Token::mail_date, "mail_date", kInMail, kOfAll, false,
               "The day the mail was made, in the contract's time zone", "21 November 2026"},
    KnownToken{Token::time_zone, "time_zone", kInMail, kOfAll, false, "The time zone of all days and times",
               "Europe/Athens"},
    KnownToken{Token::language, "language", kInMail, kOfAll, true,
               "The code of the mail's language, for the lang of the HTML", "en"},
    KnownToken{Token::logo, "logo", kInMail, kOfAll, true,
               "The address of the embedded logo, for the src of an image; use it inside %if logo%",
               "cid:logo.17.204@example.com"},
    KnownToken{Token::logo_width, "logo_width", kInMail, kOfAll, true,
               "How wide the logo is shown, in pixels, at most 220", "180"},
    KnownToken{Token::logo_height, "logo_height", kInMail, kOfAll, true,
               "How high the logo is shown, in pixels, at most 60", "48"},
    KnownToken{Token::first_day, "first_day", kInMail, kOfBoth, false, "The day the earliest session began",
               "20 November 2026"},
    KnownToken{Token::last_day, "last_day", kInMail, kOfBoth, false, "The day the latest session began",
               "21 November 2026"},
    KnownToken{Token::period, "period", kInMail, kOfBoth, false,
               "The first and the last day, or the one day if they are the same",
               "20 November 2026 - 21 November 2026"},
    KnownToken{Token::session_count, "session_count", kInMail, kOfBoth, false,
               "How many sessions the mail lists", "3"},
    KnownToken{Token::total_time, "total_time", kInMail, kOfBoth, false,
               "The time consumed by all sessions, hours:minutes:seconds", "1:25:40"},
    KnownToken{Token::total_charged, "total_charged", kInMail, kOfBoth, false,
               "The charge of all sessions: the time, the money, or both", "1 h 30 min"},
    KnownToken{Token::total_charged_minutes, "total_charged_minutes", kInMail, kOfBoth, false,
               "The charge of all sessions in whole minutes; 0 where only money is charged", "90"},

    KnownToken{Token::date, "date", kInSession, kOfBoth, false,
               "The day the session began, in the contract's time zone, short", "20 Nov 2026"},
    KnownToken{Token::start, "start", kInSession, kOfBoth, false, "When it began", "10:05"},
    KnownToken{Token::finish, "finish", kInSession, kOfBoth, false,
               "When it ended; on a following day as 01:00 (+1 day)", "10:20"},
    KnownToken{Token::duration, "duration", kInSession, kOfBoth, false,
               "The time consumed, hours:minutes:seconds", "0:15:12"},
    KnownToken{
        Token::charged, "charged", kInSession, kOfBoth, false,
        "The charge of this session, in time, money or both; 0 min if it is without charge; words that point "
        "upwards if it is charged together with a session above",
        "20 min"},
    KnownToken{
        Token::charged_minutes, "charged_minutes", kInSession, kOfBoth, false,
        "The same in whole minutes; 0 if it is charged together with a session above, or in money only",
        "20"},
    KnownToken{Token::terminal, "terminal", kInSession, kOfBoth, false, "The customer's machine", "Server"},
    KnownToken{Token::technician, "technician", kInSession, kOfBoth, false, "Who worked", "Maria K."},
    KnownToken{Token::comment, "comment", kInSession, kOfBoth, false,
               "What was done; further lines of it are indented by six blanks in the text part",
               "antivirus update"},
    KnownToken{Token::work, "work", kInSession, kOfBoth, false,
               "How the technician worked where it was not on a machine of the customer's from afar",
               "phone"},
    KnownToken{Token::explanation, "explanation", kInSession, kOfBoth, false,
               "Why it costs what it costs, in one line; empty unless mail.explain_charges is on",
               "first 10 minutes: 10 min; further blocks: 20 min"},

    KnownToken{Token::contract, "contract", kInContract | kInNotice, kOfAll, false, "The contract's name",
               "Support 2026"},
    KnownToken{Token::balance, "balance", kInContract | kInNotice, kOfAll, false,
               "The time or money left; of a contract that is billed afterwards, the time not billed yet",
               "9 h 40 min"},
    KnownToken{Token::balance_minutes, "balance_minutes", kInContract | kInNotice, kOfAll, false,
               "The same in whole minutes; 0 where the contract holds money", "580"},

    KnownToken{Token::threshold, "threshold", kInNotice, kOfNotices, false,
               "What was passed: the part used, or the time or money left; empty for other notices", "80%"},
    KnownToken{Token::day, "day", kInNotice, kOfNotices, false,
               "The last day, of a notice that something ends soon", "31 December 2026"},
};

constexpr std::array kConditions{
    KnownCondition{Condition::exhausted, "exhausted", kInMail | kInContract | kInNotice, kOfAll,
                   "this mail is the first one behind the end of a contract's time or money (in a loop: this "
                   "contract's)"},
    KnownCondition{Condition::low_balance, "low_balance", kInMail | kInContract, kOfBoth,
                   "a contract has passed a threshold of its notices and is not used up (in a loop: this "
                   "contract)"},
    KnownCondition{Condition::no_charge, "no_charge", kInMail | kInSession, kOfBoth,
                   "a session is without charge (in a loop: this session)"},
    KnownCondition{Condition::charged, "charged", kInMail | kInSession, kOfBoth,
                   "the sessions cost something together (in a loop: this session)"},
    KnownCondition{Condition::several_sessions, "several_sessions", kInMail, kOfBoth,
                   "the mail lists more than one session"},
    KnownCondition{
        Condition::several_contracts, "several_contracts", kInMail, kOfAll,
        "the sessions were charged under more than one contract, or the notices are about more than one"},
    KnownCondition{Condition::several_notices, "several_notices", kInMail, kOfNotices,
                   "the mail tells of more than one thing"},
    KnownCondition{Condition::partner, "partner", kInMail, kOfAll, "the mail goes to a partner"},
    KnownCondition{Condition::logo, "logo", kInMail, kOfAll, "a logo is embedded (mail.logo)"},
    KnownCondition{Condition::together, "together", kInSession, kOfBoth,
                   "what this session costs stands with a session above it"},
    KnownCondition{
        Condition::corrected, "corrected", kInMail | kInSession, kOfBoth,
        "an earlier mail to this reader says something else of a session (in a loop: of this one)"},
    KnownCondition{Condition::comment, "comment", kInSession, kOfBoth,
                   "something was said about the session"},
    KnownCondition{Condition::terminal, "terminal", kInSession, kOfBoth, "the customer's machine is known"},
    KnownCondition{Condition::work, "work", kInSession, kOfBoth,
                   "the technician worked by phone or on site, and %work% says which"},
    KnownCondition{Condition::technician, "technician", kInSession, kOfBoth, "the technician is known"},
    KnownCondition{Condition::explanation, "explanation", kInSession, kOfBoth, "%explanation% is not empty"},
    KnownCondition{Condition::prepaid, "prepaid", kInContract, kOfBoth,
                   "time or money is bought first; otherwise it is billed afterwards"},
    KnownCondition{Condition::money, "money", kInContract | kInNotice, kOfAll,
                   "the contract holds money, not time"},
    KnownCondition{Condition::overdrawn, "overdrawn", kInContract | kInNotice, kOfAll,
                   "the balance is below zero"},
    KnownCondition{Condition::used, "used", kInNotice, kOfNotices, "so many percent are used"},
    KnownCondition{Condition::left, "left", kInNotice, kOfNotices, "only so much time or money is left"},
    KnownCondition{Condition::ends_soon, "ends_soon", kInNotice, kOfNotices, "the end is on %day%"},
    KnownCondition{Condition::part, "part", kInNotice, kOfNotices,
                   "not the contract ends, but something that was bought for a time"},
};

constexpr std::array kLoops{
    KnownLoop{kInSession, "session", kOfBoth, "Once for each session, the earliest first"},
    KnownLoop{kInContract, "contract", kOfBoth, "Once for each contract the sessions were charged under"},
    KnownLoop{kInNotice, "notice", kOfNotices, "Once for each thing the customer should know"},
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : " or ") + words[i];
  return text;
}

}  // namespace

Kinds bit_of(Kind kind) {
  switch (kind) {
    case Kind::sessions: return kOfSessions;
    case Kind::partner_copy: return kOfPartners;
    case Kind::notice: return kOfNotices;
  }
  return 0;
}

std::span<const KnownToken> known_tokens() {
  return kTokens;
}

std::span<const KnownCondition> known_conditions() {
  return kConditions;
}

std::span<const KnownLoop> known_loops() {
  return kLoops;
}

std::string describe(Scopes scopes) {
  std::vector<std::string> places;
  if ((scopes & kInMail) != 0) places.emplace_back("outside the loops");
  for (const auto& loop : kLoops) {
    if ((scopes & loop.scope) != 0) places.push_back("inside %each " + std::string{loop.name} + "%");
  }
  return joined(places);
}

std::string describe_kinds(Kinds kinds) {
  std::vector<std::string> names;
  for (const auto kind : {Kind::sessions, Kind::partner_copy, Kind::notice}) {
    if ((kinds & bit_of(kind)) != 0) names.emplace_back(to_string(kind));
  }
  return joined(names) + " mails";
}

}  // namespace collector::mail
