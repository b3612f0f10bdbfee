// Mails handed to an SMTP server (submission), with libcurl.

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "collector/mail/transport.h"
#include "common/base/result.h"

namespace collector::mail {

enum class Tls {
  none,      // In the clear. A user name is accepted only for a loopback server.
  starttls,  // Begins in the clear, and goes on only after STARTTLS succeeded.
  tls,       // TLS from the first byte (port 465).
};

enum class Auth {
  any,      // Whatever of PLAIN and LOGIN the server offers.
  plain,    // RFC 4616.
  login,    // For servers that know nothing better.
  xoauth2,  // An access token in place of a password: Microsoft 365, Google.
};

struct SmtpOptions {
  std::string host;  // Name or address.
  std::uint16_t port = 587;
  Tls tls = Tls::starttls;
  std::filesystem::path ca_file;  // PEM; empty: the system's authorities.
  std::string user;               // Empty: no login.
  Auth auth = Auth::any;
  // The password, or for xoauth2 the access token, and nothing else. Read at each delivery, so that another
  // program can renew it; what follows the first line end is cut.
  std::filesystem::path secret_file;
  std::string ehlo_name;                    // Empty: libcurl's choice, the machine's own name.
  std::int64_t mails_per_connection = 100;  // At least 1.
  std::chrono::milliseconds connect_timeout{30'000};
  std::chrono::milliseconds answer_timeout{120'000};  // For one answer of the server but the last,
  std::chrono::milliseconds total_timeout{300'000};   // for everything up to the final dot,
  std::chrono::milliseconds final_timeout{600'000};   // and for the answer to that (RFC 5321, 4.5.3.2.6).
};

// The server's certificate and name are always checked; TLS 1.2 is the oldest accepted. Proxies and .netrc of
// the environment are ignored. What the outcome rests on: 2xx to the mail is delivered; a 5xx to the envelope
// or to the mail is refused, but a full mailbox (552, 5.2.2) and a demand for a login (530 to 538) mean
// retry, as does every 4xx to the recipient or the mail and a connection that is lost while the mail is being
// passed on; losing it, or running out of time, after the last byte, without an answer, is uncertain; a 4xx
// to the sender is unwelcome; every failure of connection, greeting, TLS or login, also one that is told at
// the sender, is unavailable, for it says nothing about this mail. If one of several recipients is refused,
// nothing is sent to any.
//
// The connection stays open for the next mail, until rest(). One that the server has closed meanwhile is made
// anew without a word. Not safe for two threads at once.
class SmtpTransport final : public Transport {
 public:
  // invalid_argument for a host that is none, port 0, a malformed EHLO name, a user without a file for the
  // secret, xoauth2 without a user, or a user in the clear to another machine.
  [[nodiscard]] static base::Result<SmtpTransport> make(SmtpOptions options);
  SmtpTransport(SmtpTransport&&) noexcept;
  SmtpTransport& operator=(SmtpTransport&&) noexcept;
  ~SmtpTransport() override;  // As rest().

  // An address in the envelope that is_address() refuses is refused here too; nothing is sent then.
  Delivery deliver(const Envelope& envelope, std::string_view raw) override;

  void stop_with(std::stop_token stop) override;
  // Says QUIT and closes; a server that does not answer to that is waited for one second.
  void rest() override;

  // How many connections were opened so far.
  std::int64_t connections() const;

 private:
  struct State;
  explicit SmtpTransport(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace collector::mail
