#include "collector/mail/smtp_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>

#include "collector/mail/address.h"
#include "collector/mail/text.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

struct EasyCleanup {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;
using List = std::unique_ptr<curl_slist, ListFree>;

bool start_curl_once() {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return started;
}

bool is_host_text(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':';
  });
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

// How far one delivery got, as told by libcurl's callbacks.
struct Progress {
  std::string_view unread;
  bool all_passed_on = false;   // libcurl asked for more after the last byte: next it writes the final dot.
  bool envelope_begun = false;  // MAIL FROM was sent, so that a 5xx is about this mail and not about us.
  bool leaving = false;         // QUIT was sent; what the server says to that is of no interest.
  int code = 0;                 // Of the server's last answer; 0 again once the whole mail was passed on.
  std::string answer;           // Its last line.
};

std::size_t read_mail(char* to, std::size_t size, std::size_t count, void* user) {
  auto& progress = *static_cast<Progress*>(user);
  const auto bytes = std::min(size * count, progress.unread.size());
  std::memcpy(to, progress.unread.data(), bytes);
  progress.unread.remove_prefix(bytes);
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

int watch(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
  auto& progress = *static_cast<Progress*>(user);
  const std::string_view line{data, size};
  if (type == CURLINFO_HEADER_OUT) {
    // Only the command's name is looked at: AUTH lines carry the password.
    if (line.starts_with("MAIL FROM:")) progress.envelope_begun = true;
    if (line.starts_with("QUIT")) progress.leaving = true;
  } else if (type == CURLINFO_HEADER_IN && !progress.leaving) {
    progress.answer = one_line(line, 300);
    if (const int code = code_of(line); code != 0) progress.code = code;
  }
  return 0;
}

std::string url_of(const SmtpOptions& options) {
  const bool six = options.host.find(':') != std::string::npos;
  std::string url = options.tls == Tls::tls ? "smtps://" : "smtp://";
  url += six ? "[" + options.host + "]" : options.host;
  url += ":" + std::to_string(options.port);
  if (!options.ehlo_name.empty()) url += "/" + options.ehlo_name;
  return url;
}

base::Result<std::string> password_from(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::string password;
  if (!in || (!std::getline(in, password) && !in.eof())) {
    return fail(ErrorCode::unavailable, "cannot read the password file " + path.string());
  }
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

// Null when memory is short.
List list_of(const std::vector<std::string>& addresses) {
  curl_slist* all = nullptr;
  for (const auto& address : addresses) {
    auto* longer = curl_slist_append(all, address.c_str());
    if (longer == nullptr) {
      curl_slist_free_all(all);
      return nullptr;
    }
    all = longer;
  }
  return List{all};
}

void set_connection(CURL* curl, const SmtpOptions& options) {
  curl_easy_setopt(curl, CURLOPT_URL, url_of(options).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   static_cast<long>(options.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout.count()));
  // libcurl counts this one in whole seconds.
  const auto answer_s = std::chrono::ceil<std::chrono::seconds>(options.answer_timeout).count();
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                   static_cast<long>(std::max<std::int64_t>(1, answer_s)));
}

// Codes 530 to 538 say that our login or our TLS is not good enough (RFC 4954, RFC 3207): the administrator's
// matter, and the mail goes once it is settled.
bool is_about_us(int code) {
  return code >= 530 && code <= 538;
}

Outcome outcome_of(CURLcode result, const Progress& progress) {
  const int kind = progress.code / 100;
  if (result == CURLE_OK) return Outcome::delivered;
  if (progress.all_passed_on && kind == 2)
    return Outcome::delivered;  // What failed came after the acceptance.
  if (kind == 5 && progress.envelope_begun && !is_about_us(progress.code)) return Outcome::refused;
  if (progress.all_passed_on && kind != 4 && kind != 5) return Outcome::uncertain;
  return Outcome::retry;
}

Delivery decide(CURLcode result, const Progress& progress, std::string_view curl_says) {
  const auto outcome = outcome_of(result, progress);
  if (outcome == Outcome::delivered) return {outcome, progress.answer};
  std::string why{curl_says.empty() ? curl_easy_strerror(result) : curl_says};
  if (!progress.answer.empty()) why += "; last answer: " + progress.answer;
  return {outcome, one_line(why, 500)};
}

}  // namespace

base::Result<SmtpTransport> SmtpTransport::make(SmtpOptions options) {
  const auto refuse = [](std::string what) { return fail(ErrorCode::invalid_argument, std::move(what)); };
  if (!is_host_text(options.host))
    return refuse("the mail server's host '" + one_line(options.host) + "' is none");
  if (options.port == 0) return refuse("the mail server's port is 0");
  if (!options.ehlo_name.empty() && !is_host_text(options.ehlo_name)) {
    return refuse("the EHLO name '" + one_line(options.ehlo_name) + "' is no host name");
  }
  if (!options.user.empty() && options.password_file.empty())
    return refuse("a mail user needs a password file");
  if (!options.user.empty() && options.tls == Tls::none && !is_loopback(options.host)) {
    return refuse("the mail password would travel in the clear; use starttls or tls");
  }
  return SmtpTransport{std::move(options)};
}

Delivery SmtpTransport::deliver(const Envelope& envelope, std::string_view raw) {
  if (envelope.to.empty() || !is_address(envelope.from) || !std::ranges::all_of(envelope.to, is_address)) {
    return {Outcome::refused, "the envelope has an address that cannot be used"};
  }
  const Easy curl{start_curl_once() ? curl_easy_init() : nullptr};
  if (!curl) return {Outcome::retry, "libcurl cannot start"};

  set_connection(curl.get(), options_);
  if (!options_.user.empty()) {
    const auto password = password_from(options_.password_file);
    if (!password) return {Outcome::retry, password.error().message};
    curl_easy_setopt(curl.get(), CURLOPT_USERNAME, options_.user.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, password->c_str());
  }

  const auto recipients = list_of(envelope.to);
  if (!recipients) return {Outcome::retry, "no memory for the recipients"};
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, envelope.from.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());

  // No size is announced (CURLOPT_INFILESIZE): then every version of libcurl asks once more after the last
  // byte, which is how Progress knows that the final dot is next.
  Progress progress;
  progress.unread = raw;
  char curl_says[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &read_mail);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &progress);
  curl_easy_setopt(curl.get(), CURLOPT_VERBOSE, 1L);  // For the callback alone; nothing is printed.
  curl_easy_setopt(curl.get(), CURLOPT_DEBUGFUNCTION, &watch);
  curl_easy_setopt(curl.get(), CURLOPT_DEBUGDATA, &progress);
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, curl_says);

  const CURLcode result = curl_easy_perform(curl.get());
  return decide(result, progress, curl_says);
}

}  // namespace collector::mail
