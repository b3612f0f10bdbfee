// What a person does about mails.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/actions/actor.h"
#include "collector/store/mail_holds.h"
#include "collector/store/mails.h"
#include "common/base/result.h"

namespace collector::actions {

// Sends now what waits for the end of its window, for a review or to be composed again: of the customer of
// that code, or of all of them. How many sessions, copies and notices that concerned: what has no address is
// not among them. Nothing is noted if there were none; not_found for a customer there is not.
[[nodiscard]] base::Result<std::int64_t> flush_mails(store::Transaction& tx, const Actor& actor,
                                                     const std::optional<std::string>& customer);

// What is held for one reader because he has no address, or because no mail can be made.
struct HeldMails {
  store::MailHold hold;
  std::vector<store::MailItemRow> items;
};
// All of the customer of that code, or what is held for one partner. not_found for a customer or partner
// there is not.
[[nodiscard]] base::Result<std::vector<HeldMails>> held_mails(store::Transaction& tx,
                                                              const std::string& customer,
                                                              const std::optional<std::string>& partner);

// The same is told to nobody any more; how many sessions, copies and notices that are. invalid_argument
// without a reason, conflict if nothing is held, else as above.
[[nodiscard]] base::Result<std::int64_t> give_up_mails(store::Transaction& tx, const Actor& actor,
                                                       const std::string& customer,
                                                       const std::optional<std::string>& partner);

// A mail that waits to be sent, or that failed, is given up; its recipient. With `anew` what it told waits
// again and is composed at once, with the sender, the address and the words of then, under another
// Message-ID: only of a mail that certainly never left. invalid_argument without a reason, conflict for a
// mail in any other state or that may have left, not_found if there is none.
[[nodiscard]] base::Result<std::string> cancel_mail(store::Transaction& tx, const Actor& actor,
                                                    std::int64_t mail_id, bool anew);

// A failed, uncertain or bounced mail, or one that waits, goes out at once, with the same Message-ID and word
// for word, to the address it was composed for or to `other`; to which. Through its account, or the first of
// `accounts`, those there are, if it is none of them. conflict for a mail in any other state, not_found if
// there is none, invalid_argument for an address that is none.
[[nodiscard]] base::Result<std::string> resend_mail(store::Transaction& tx, const Actor& actor,
                                                    std::int64_t mail_id,
                                                    const std::vector<std::string>& accounts,
                                                    const std::optional<std::string>& other = std::nullopt);

// An uncertain mail did arrive; its recipient. Errors as above.
[[nodiscard]] base::Result<std::string> mail_arrived(store::Transaction& tx, const Actor& actor,
                                                     std::int64_t mail_id);

// A sent or uncertain mail came back; `said` is what was said, in a line. Its recipient. Errors as above.
[[nodiscard]] base::Result<std::string> mail_bounced(store::Transaction& tx, const Actor& actor,
                                                     std::int64_t mail_id, const std::string& said);

// What came of a report of a mail server.
struct BounceReport {
  std::int64_t mail_id = 0;
  std::string recipient;
  bool bounced = false;  // False: it only tells of a delay, or of an arrival; nothing is changed.
  std::string said;      // "failed 5.1.1: no such user"
};
// Finds the mail that the report is about: by its Message-ID; where that is not told, by the recipient, if he
// was sent exactly one mail in the seven days before. Notes that it bounced if that is what the report says.
// invalid_argument for a file that is no such report, not_found for a mail that is none of ours, conflict
// where several could be meant.
[[nodiscard]] base::Result<BounceReport> read_bounce(store::Transaction& tx, const Actor& actor,
                                                     std::string_view raw);

}  // namespace collector::actions
