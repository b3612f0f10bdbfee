// Handing a composed mail to the outside, behind an interface so that queueing is tested without a server.

#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace collector::mail {

// SMTP's own envelope; the headers of the mail are not looked at.
struct Envelope {
  std::string message_id;  // Without angle brackets; see is_message_id().
  std::string from;
  std::vector<std::string> to;
};

enum class Outcome {
  delivered,    // The other side has taken responsibility for it.
  refused,      // This mail will never be taken (SMTP 5xx). Do not retry; a person must look.
  retry,        // It was not taken this time, and the other side certainly does not have it. See next_try().
  uncertain,    // The connection was lost after the last byte: the other side may have it. Sending again may
                // make a second copy, recognisable by its Message-ID.
  unavailable,  // Nobody looked at the mail: no connection, no TLS, no login. It would be so for any mail,
                // and says nothing about this one. The other side certainly does not have it.
  unwelcome,  // The sender was not taken this time (SMTP 4xx to MAIL): because the server is busy, or because
              // of his address, which other mails have as well. The other side certainly does not have it.
};

std::string_view to_string(Outcome outcome);

struct Delivery {
  Outcome outcome;
  std::string detail;  // One line for a person: the server's answer or what failed. Never a password.
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Blocks until decided or a time limit of the transport passes; call it from a worker, one call at a time
  // for one object. `raw` is what compose() returned.
  virtual Delivery deliver(const Envelope& envelope, std::string_view raw) = 0;

  // From now on a delivery ends soon after `stop` was asked for: within kStopPatience where the last byte is
  // passed on, for the answer is worth a wait, else at once. Not while one runs.
  virtual void stop_with(std::stop_token /*stop*/) {}

  // There is no further mail at present: what is held open for the next one is closed.
  virtual void rest() {}
};

}  // namespace collector::mail
