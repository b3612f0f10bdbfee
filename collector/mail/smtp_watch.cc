#include "collector/mail/smtp_watch.h"

#include <algorithm>
#include <cstring>

#include "collector/mail/text.h"

namespace collector::mail {

namespace {

std::size_t read_mail(char* to, std::size_t size, std::size_t count, void* user) {
  auto& progress = *static_cast<SmtpProgress*>(user);
  const auto bytes = std::min(size * count, progress.unread.size());
  std::memcpy(to, progress.unread.data(), bytes);
  progress.unread.remove_prefix(bytes);
  progress.moved = std::chrono::steady_clock::now();
  if (bytes == 0) {
    progress.all_passed_on = true;
    progress.code = 0;
  }
  return bytes;
}

// The code of an answer's last line, 0 for the lines before it ("250-...") and for what is no answer.
int code_of(std::string_view line) {
  if (line.size() < 4 || line[3] == '-' || line[0] == '0') return 0;
  int code = 0;
  for (const char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return 0;
    code = code * 10 + (c - '0');
  }
  return code;
}

int look(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
  auto& progress = *static_cast<SmtpProgress*>(user);
  const std::string_view line{data, size};
  progress.moved = std::chrono::steady_clock::now();
  if (type == CURLINFO_HEADER_OUT) {
    // Only the command's name is looked at: AUTH lines carry the password.
    if (line.starts_with("MAIL FROM:")) progress.envelope_begun = true;
    if (line.starts_with("RCPT TO:")) progress.recipient_begun = true;
    if (line.starts_with("QUIT")) progress.leaving = true;
  } else if (type == CURLINFO_HEADER_IN && !progress.leaving) {
    ++progress.answers;
    progress.answer = one_line(line, 300);
    if (const int code = code_of(line); code != 0) progress.code = code;
  }
  return 0;
}

// Whether a limit has passed; `gave_up` says which, then.
bool is_too_late(SmtpProgress& progress, std::chrono::steady_clock::time_point now) {
  const auto& patience = progress.patience;
  const bool last = progress.all_passed_on;
  const auto answer = last ? patience.after_dot : patience.answer;
  const bool silent = now - progress.moved > answer;
  const bool slow = !last && now - progress.begun > patience.before_dot;
  if (!silent && !slow) return false;
  const auto limit = std::chrono::duration_cast<std::chrono::seconds>(silent ? answer : patience.before_dot);
  progress.gave_up =
      (silent ? "no answer within " : "not handed over within ") + std::to_string(limit.count()) + " s";
  return true;
}

// libcurl calls it about once a second; not 0 ends the delivery.
int may_go_on(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& progress = *static_cast<SmtpProgress*>(user);
  const auto now = std::chrono::steady_clock::now();
  if (is_too_late(progress, now)) return 1;
  if (!progress.stop.stop_requested()) return 0;
  if (!progress.all_passed_on) return 1;
  if (!progress.stop_seen) progress.stop_seen = now;
  return now - *progress.stop_seen < kStopPatience ? 0 : 1;
}

// Codes 530 to 538 say that our login or our TLS is not good enough (RFC 4954, RFC 3207): the administrator's
// matter, and the mail goes once it is settled.
bool is_about_login(int code) {
  return code >= 530 && code <= 538;
}

// 552 is said of a mailbox that is full, which passes, and of a mail that is too big, which does not: the
// enhanced codes 5.2.3 and 5.3.4 (RFC 3463) tell the latter.
bool is_full_mailbox(const SmtpProgress& progress) {
  if (progress.answer.find(" 5.2.2") != std::string::npos) return true;
  return progress.code == 552 && progress.answer.find(" 5.2.3") == std::string::npos &&
         progress.answer.find(" 5.3.4") == std::string::npos;
}

Outcome outcome_of(CURLcode result, const SmtpProgress& progress) {
  const int kind = progress.code / 100;
  if (result == CURLE_OK) return Outcome::delivered;
  if (progress.all_passed_on && kind == 2)
    return Outcome::delivered;  // What failed came after the acceptance.
  if (!progress.envelope_begun) return Outcome::unavailable;
  if (!progress.recipient_begun && kind == 4) return Outcome::unwelcome;
  if (!progress.recipient_begun && is_about_login(progress.code)) return Outcome::unavailable;
  // Behind that, 421 and a demand for a login may be said of one mail alone, for ever: a filter that dies of
  // it, a domain that is relayed for nobody. It has to cost the mail its tries, or nobody would ever see it.
  if (kind == 5) {
    const bool later = is_full_mailbox(progress) || is_about_login(progress.code);
    return later ? Outcome::retry : Outcome::refused;
  }
  if (progress.all_passed_on && kind != 4) return Outcome::uncertain;
  return Outcome::retry;
}

}  // namespace

void watch(CURL* curl, SmtpProgress& progress) {
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &read_mail);
  curl_easy_setopt(curl, CURLOPT_READDATA, &progress);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);  // For the callback alone; nothing is printed.
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &look);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &progress);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &may_go_on);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &progress);
}

Delivery decide(CURLcode result, const SmtpProgress& progress, std::string_view curl_says) {
  const auto outcome = outcome_of(result, progress);
  if (outcome == Outcome::delivered) return {outcome, progress.answer};
  std::string why = progress.gave_up;
  if (why.empty()) why = curl_says.empty() ? curl_easy_strerror(result) : std::string{curl_says};
  if (!progress.answer.empty()) why += "; last answer: " + progress.answer;
  return {outcome, one_line(why, 500)};
}

}  // namespace collector::mail
