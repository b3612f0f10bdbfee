#include "collector/mail/smtp_transport.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include "collector/mail/address.h"
#include "collector/mail/smtp_watch.h"
#include "collector/mail/text.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::chrono::seconds kQuitPatience{1};

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

std::string url_of(const SmtpOptions& options) {
  const bool six = options.host.find(':') != std::string::npos;
  std::string url = options.tls == Tls::tls ? "smtps://" : "smtp://";
  url += six ? "[" + options.host + "]" : options.host;
  url += ":" + std::to_string(options.port);
  if (!options.ehlo_name.empty()) url += "/" + options.ehlo_name;
  return url;
}

const char* login_options(Auth auth) {
  switch (auth) {
    case Auth::plain: return "AUTH=PLAIN";
    case Auth::login: return "AUTH=LOGIN";
    case Auth::xoauth2: return "AUTH=XOAUTH2";
    case Auth::any: break;
  }
  return nullptr;
}

base::Result<std::string> secret_from(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::string secret;
  if (!in || (!std::getline(in, secret) && !in.eof())) {
    return fail(ErrorCode::unavailable, "cannot read the file with the password or token " + path.string());
  }
  if (secret.ends_with('\r')) secret.pop_back();
  return secret;
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
  curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 1L);
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   static_cast<long>(options.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);  // In place of the system's, not beside them.
  }
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  // libcurl has one limit for all answers, in whole seconds, and one for the whole: the longest that may be.
  // smtp_watch.h keeps the shorter ones.
  const auto whole = options.total_timeout + options.final_timeout;
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(whole.count()));
  const auto answer_s =
      std::chrono::ceil<std::chrono::seconds>(std::max(options.answer_timeout, options.final_timeout))
          .count();
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                   static_cast<long>(std::max<std::int64_t>(1, answer_s)));
}

base::Status set_login(CURL* curl, const SmtpOptions& options) {
  if (options.user.empty()) return {};
  const auto secret = secret_from(options.secret_file);
  if (!secret) return std::unexpected{secret.error()};
  curl_easy_setopt(curl, CURLOPT_USERNAME, options.user.c_str());
  const bool token = options.auth == Auth::xoauth2;
  curl_easy_setopt(curl, token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, secret->c_str());
  if (const char* how = login_options(options.auth)) curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, how);
  return {};
}

// Says QUIT, for which libcurl would wait two minutes and knows no shorter limit: the connection is shut down
// under it when the patience ends.
void leave(Easy curl) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(curl.get(), CURLINFO_ACTIVESOCKET, &socket);
  const int same = socket == CURL_SOCKET_BAD ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  {
    const std::jthread limit{[same](const std::stop_token& done) {
      std::mutex mutex;
      std::condition_variable_any ended;
      std::unique_lock lock{mutex};
      ended.wait_for(lock, done, kQuitPatience, [] { return false; });
      if (!done.stop_requested() && same >= 0) ::shutdown(same, SHUT_RDWR);
    }};
    curl.reset();
  }
  if (same >= 0) ::close(same);
}

}  // namespace

struct SmtpTransport::State {
  SmtpOptions options;
  Easy curl = {};
  std::int64_t mails_on_connection = 0;
  std::int64_t connections = 0;
  std::stop_token stop = {};

  Delivery perform(const Envelope& envelope, std::string_view raw, SmtpProgress& progress);
  bool reused();
  void close() {
    if (curl) leave(std::move(curl));
    mails_on_connection = 0;
  }
};

// Whether the last delivery used a connection of an earlier one.
bool SmtpTransport::State::reused() {
  long opened = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_NUM_CONNECTS, &opened);
  connections += opened;
  if (opened > 0) mails_on_connection = 0;
  ++mails_on_connection;
  return opened == 0 && mails_on_connection > 1;
}

Delivery SmtpTransport::State::perform(const Envelope& envelope, std::string_view raw,
                                       SmtpProgress& progress) {
  const auto recipients = list_of(envelope.to);
  if (!recipients) return {Outcome::unavailable, "no memory for the recipients"};
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, envelope.from.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  progress = {};
  progress.unread = raw;
  progress.stop = stop;
  progress.patience = {.answer = options.answer_timeout,
                       .before_dot = options.total_timeout,
                       .after_dot = options.final_timeout};
  watch(curl.get(), progress);
  char curl_says[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, curl_says);
  const CURLcode result = curl_easy_perform(curl.get());
  // None of them outlives this function, and QUIT comes later.
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, nullptr);
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, nullptr);
  curl_easy_setopt(curl.get(), CURLOPT_VERBOSE, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_DEBUGFUNCTION, nullptr);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 1L);
  return decide(result, progress, curl_says);
}

SmtpTransport::SmtpTransport(std::unique_ptr<State> state) : state_{std::move(state)} {}
SmtpTransport::SmtpTransport(SmtpTransport&&) noexcept = default;
SmtpTransport& SmtpTransport::operator=(SmtpTransport&&) noexcept = default;
SmtpTransport::~SmtpTransport() {
  if (state_) state_->close();
}

base::Result<SmtpTransport> SmtpTransport::make(SmtpOptions options) {
  const auto refuse = [](std::string what) { return fail(ErrorCode::invalid_argument, std::move(what)); };
  if (!is_host_text(options.host))
    return refuse("the mail server's host '" + one_line(options.host) + "' is none");
  if (options.port == 0) return refuse("the mail server's port is 0");
  if (!options.ehlo_name.empty() && !is_host_text(options.ehlo_name)) {
    return refuse("the EHLO name '" + one_line(options.ehlo_name) + "' is no host name");
  }
  if (options.user.empty() && options.auth == Auth::xoauth2) return refuse("xoauth2 needs a user");
  if (!options.user.empty() && options.secret_file.empty())
    return refuse("a mail user needs a file with the password or token");
  if (!options.user.empty() && options.tls == Tls::none && !is_loopback(options.host)) {
    return refuse("the mail password would travel in the clear; use starttls or tls");
  }
  if (options.mails_per_connection < 1) return refuse("a connection is for one mail at least");
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  return SmtpTransport{std::move(state)};
}

Delivery SmtpTransport::deliver(const Envelope& envelope, std::string_view raw) {
  if (envelope.to.empty() || !is_address(envelope.from) || !std::ranges::all_of(envelope.to, is_address)) {
    return {Outcome::refused, "the envelope has an address that cannot be used"};
  }
  if (state_->mails_on_connection >= state_->options.mails_per_connection) state_->close();
  for (bool again = false;; again = true) {
    if (!state_->curl) {
      state_->curl.reset(start_curl_once() ? curl_easy_init() : nullptr);
      if (!state_->curl) return {Outcome::unavailable, "libcurl cannot start"};
      set_connection(state_->curl.get(), state_->options);
    }
    if (const auto login = set_login(state_->curl.get(), state_->options); !login)
      return {Outcome::unavailable, login.error().message};
    SmtpProgress progress;
    auto delivery = state_->perform(envelope, raw, progress);
    const bool reused = state_->reused();
    if (delivery.outcome == Outcome::delivered) return delivery;
    // The server may close a connection between two mails whenever it likes, also by 421: nothing of this
    // mail was passed on, and a new connection tells how things are.
    const bool closed_between = reused && !again && !progress.recipient_begun &&
                                (progress.answers == 0 || progress.code == 421) &&
                                !state_->stop.stop_requested();
    state_->close();
    if (!closed_between) return delivery;
  }
}

void SmtpTransport::stop_with(std::stop_token stop) {
  state_->stop = std::move(stop);
}

void SmtpTransport::rest() {
  state_->close();
}

std::int64_t SmtpTransport::connections() const {
  return state_->connections;
}

}  // namespace collector::mail
