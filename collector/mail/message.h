// What one mail tells one customer: the sessions of one window and where the contracts stand.
//
// Plain values, as of one moment, filled in by whoever queues mails. Every text may come from outside (a
// session's comment, a customer's name) and is treated as hostile by `render` and `compose`; none needs
// preparing.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/timing/utc.h"

namespace collector::mail {

// One row of the table of sessions.
struct SessionLine {
  timing::UtcMs started;
  timing::UtcMs ended;
  std::int64_t seconds = 0;      // The duration that was rated; a series is longer than ended - started says.
  std::int64_t charged_min = 0;  // Not negative.
  bool no_charge = false;  // The comment carried '#', or an administrator said so; charged_min is ignored.
  std::string terminal;    // The customer's name for the machine, or its address.
  std::string technician;
  std::string text;  // What was done, may have several lines.
};

// One contract the sessions were charged under.
struct ContractBlock {
  std::string name;
  bool prepaid = true;           // False: indefinite, billed at the end of a period.
  std::int64_t balance_min = 0;  // After these sessions. Prepaid: minutes left, negative when overdrawn.
                                 // Indefinite: minutes charged and not billed yet.
  bool exhausted = false;        // This mail is the one that tells of the exhaustion (requirements N30).
  std::string money_left = {};   // "67.50 EUR": what is left of a prepaid contract that holds money, shown in
                                 // place of balance_min, which is 0 then; empty for any other.
};

struct MailInput {
  std::string customer;               // The name in the salutation and in To.
  std::string recipient;              // One address.
  std::string language;               // Content-Language, such as "en" or "el"; empty leaves the header out.
  std::vector<SessionLine> sessions;  // In the order of the table; at least one.
  std::vector<ContractBlock> contracts;
  std::string time_zone = "UTC";  // IANA name; dates and clock times are shown in it.
  std::string sender_name;
  std::string sender_address;
  std::string
      message_id;      // Without angle brackets; fixed for the batch, so that a second copy is recognisable.
  timing::UtcMs date;  // When the mail was composed; goes to the Date header, in UTC.
  std::string reference;  // The batch, for X-Deskledger-Batch: letters, digits and ._:- only.
};

}  // namespace collector::mail
