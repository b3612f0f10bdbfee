// How far one delivery over SMTP got, as libcurl's callbacks tell it, and what that means. Inside this room.

#pragma once

#include <curl/curl.h>

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "collector/mail/transport.h"

namespace collector::mail {

// After it is asked to stop, a delivery whose last byte is passed on waits so long for its answer.
inline constexpr std::chrono::milliseconds kStopPatience{2'000};

// What libcurl cannot be told: it knows one limit for every answer. Looked at about once a second.
struct Patience {
  std::chrono::milliseconds answer{};      // For each answer, and for each piece of the mail to go.
  std::chrono::milliseconds before_dot{};  // For everything up to the final dot.
  std::chrono::milliseconds after_dot{};   // For the answer to that.
};

struct SmtpProgress {
  std::string_view unread;
  bool all_passed_on = false;    // libcurl asked for more after the last byte: next it writes the final dot.
  bool envelope_begun = false;   // MAIL FROM was sent.
  bool recipient_begun = false;  // RCPT TO was sent, so that an answer is about this mail and not about us.
  bool leaving = false;          // QUIT was sent; what the server says to that is of no interest.
  int answers = 0;               // Lines of the server since the delivery began.
  int code = 0;                  // Of its last answer; 0 again once the whole mail was passed on.
  std::string answer;            // Its last line.
  std::stop_token stop;
  std::optional<std::chrono::steady_clock::time_point> stop_seen;
  Patience patience;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point moved = begun;  // When something last came or went.
  std::string gave_up;                                  // Why we did, if we did.
};

// Makes libcurl report to `progress`, which must live as long as it performs. No size is announced
// (CURLOPT_INFILESIZE): then every version of libcurl asks once more after the last byte, which is how we
// know that the final dot is next.
void watch(CURL* curl, SmtpProgress& progress);

// What came of it; `curl_says` is libcurl's own sentence, if it has one.
Delivery decide(CURLcode result, const SmtpProgress& progress, std::string_view curl_says);

}  // namespace collector::mail
