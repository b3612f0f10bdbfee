// Mails handed to an SMTP server (submission), with libcurl.

#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "collector/mail/transport.h"
#include "common/base/result.h"

namespace collector::mail {

enum class Tls {
  none,      // In the clear. A user name is accepted only for a loopback server.
  starttls,  // Begins in the clear, and goes on only after STARTTLS succeeded.
  tls,       // TLS from the first byte (port 465).
};

struct SmtpOptions {
  std::string host;  // Name or address.
  std::uint16_t port = 587;
  Tls tls = Tls::starttls;
  std::filesystem::path ca_file;  // PEM; empty: the system's authorities.
  std::string user;               // Empty: no login.
  std::filesystem::path
      password_file;      // Read at each delivery, so that it can be changed; a final line end is cut.
  std::string ehlo_name;  // Empty: libcurl's choice, the machine's own name.
  std::chrono::milliseconds connect_timeout{30'000};
  std::chrono::milliseconds answer_timeout{120'000};  // For one answer of the server.
  std::chrono::milliseconds total_timeout{300'000};   // For the whole delivery.
};

// The server's certificate and name are always checked; TLS 1.2 is the oldest accepted. Proxies and .netrc of
// the environment are ignored. What the outcome rests on: 2xx to the mail is delivered; a 5xx to the envelope
// or to the mail is refused; every failure of connection, TLS or login and every 4xx is retry, for it says
// nothing about this mail; losing the connection or running out of time after the last byte was passed on,
// without an answer, is uncertain. If one of several recipients is refused, nothing is sent to any.
class SmtpTransport final : public Transport {
 public:
  // invalid_argument for a host that is none, port 0, a malformed EHLO name, a user without password file, or
  // a user in the clear to another machine.
  [[nodiscard]] static base::Result<SmtpTransport> make(SmtpOptions options);

  // An address in the envelope that is_address() refuses is refused here too; nothing is sent then.
  Delivery deliver(const Envelope& envelope, std::string_view raw) override;

 private:
  explicit SmtpTransport(SmtpOptions options) : options_(std::move(options)) {}
  SmtpOptions options_;
};

}  // namespace collector::mail
