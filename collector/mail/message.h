// What one mail tells of one customer: the sessions of one window and where the contracts stand, or what
// somebody should know of a contract in time.
//
// Plain values, as of one moment, filled in by whoever queues mails. Every text may come from outside (a
// session's comment, a customer's name) and is treated as hostile by `render` and `compose`; none needs
// preparing.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/mail/logo.h"
#include "common/timing/utc.h"

namespace collector::mail {

enum class Kind {
  sessions,      // To the customer, of the sessions of one window.
  partner_copy,  // To the partner of a contract, of the same sessions of exactly one customer.
  notice,        // To the customer, of a contract that goes to its end. It lists no sessions.
};

// As stored and typed: "sessions", "partner_copy", "notice".
std::string_view to_string(Kind kind);
std::optional<Kind> kind_from(std::string_view name);

// One step of what a charge was made of, as collector/rating's explanation names it ("first block", "cap").
struct ChargeStep {
  std::string what;
  std::optional<std::int64_t> minutes = {};  // The charge after it, if it was known by then.
};

// So much of one currency, in its smallest unit.
struct Money {
  std::int64_t amount = 0;
  std::string currency;  // ISO 4217: "EUR".
};

// How the technician worked.
enum class Work { remote, phone, on_site };

// One row of the table of sessions. Sessions that are charged as one stand one behind the other, and what
// they cost together stands in one of these rows.
struct SessionLine {
  timing::UtcMs started;
  timing::UtcMs ended;
  std::int64_t seconds = 0;      // The duration that was rated.
  std::int64_t charged_min = 0;  // Not negative.
  bool no_charge =
      false;             // The comment carried '#', or an administrator said so; what is charged is ignored.
  std::string terminal;  // The customer's name for the machine, or its address; empty if there was none.
  std::string technician;
  std::string text;                       // What was done, may have several lines.
  std::vector<ChargeStep> steps = {};     // Why it costs what it costs; empty where that is not told.
  std::vector<Money> charged_money = {};  // Each currency once; beside charged_min, or instead of it.
  bool together = false;                  // Its charge stands in a row above.
  bool corrected = false;                 // An earlier mail to this reader says something else of it.
  Work work = Work::remote;
};

// One contract the sessions were charged under.
struct ContractBlock {
  std::string name;
  bool prepaid = true;           // False: indefinite, billed at the end of a period.
  std::int64_t balance_min = 0;  // After these sessions. Prepaid: minutes left, negative when overdrawn.
                                 // Indefinite: minutes charged and not billed yet.
  bool exhausted = false;        // This mail is the one that tells of the exhaustion (requirements N30).
  bool low = false;  // Prepaid: a threshold of its notices is passed, and nothing raised what is left since.
  std::string money_left = {};  // "67.50 EUR": what is left of a prepaid contract that holds money, shown in
                                // place of balance_min, which is 0 then; empty for any other.
};

enum class NoticeKind {
  threshold,  // So much of what was bought is used, or only so little of it is left.
  exhausted,  // Nothing is left.
  expiry,     // The contract, or something bought for a time, ends soon; `day` says when.
};

// One thing that somebody should know of a contract in time.
struct NoticeLine {
  NoticeKind kind = NoticeKind::threshold;
  std::string contract;
  // Which threshold was passed: one of them for `threshold`, none for the others.
  std::optional<std::int64_t> used_percent = {};
  std::optional<std::int64_t> left_min = {};
  std::string left_money = {};     // "50.00 EUR"
  std::int64_t balance_min = 0;    // What was left then.
  std::string balance_money = {};  // "67.50 EUR", in place of balance_min, where the contract holds money.
  std::optional<std::chrono::year_month_day> day = {};  // The last day, for `expiry`.
  bool part = false;  // `expiry`: only what is left of something that was bought for a time ends.
};

struct MailInput {
  Kind kind = Kind::sessions;
  std::string customer;             // Whom the mail tells of; exactly one.
  std::string recipient_name = {};  // In the salutation and in To: a partner's name. Empty: `customer`.
  std::string recipient;            // One address.
  std::string language;  // Content-Language, such as "en" or "el"; what is no tag leaves the header out. Also
                         // decides how dates and durations are written.
  std::vector<SessionLine> sessions;  // In the order of the table; at least one, but none in a notice.
  std::vector<ContractBlock> contracts;
  std::vector<NoticeLine> notices = {};  // At least one in a notice, none otherwise.
  std::string time_zone = "UTC";         // IANA name; dates and clock times are shown in it.
  std::string sender_name;
  std::string sender_address;
  std::string
      message_id;      // Without angle brackets; fixed for the batch, so that a second copy is recognisable.
  timing::UtcMs date;  // When the mail was composed; goes to the Date header, in UTC.
  std::string reference;                  // The batch, for X-Deskledger-Batch: letters, digits and ._:- only.
  std::shared_ptr<const Logo> logo = {};  // Embedded in the mail; nothing: there is none.
};

}  // namespace collector::mail
