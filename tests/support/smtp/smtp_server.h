// A stand-in for an SMTP server on loopback, which misbehaves on request and remembers what it got.
//
// It serves connections one after another on its own thread. Every wait is bounded by kPatience, every
// connection by kCommandsMax commands; the destructor ends it. Not for the network: it speaks just enough of
// RFC 5321.

#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

struct ssl_ctx_st;

namespace support::smtp {

enum class Behaviour {
  accept,
  refuse_greeting,    // 554 in place of 220.
  refuse_recipient,   // 550 to RCPT.
  refuse_mail,        // 554 after the final dot.
  busy_recipient,     // 451 to RCPT.
  busy_mail,          // 451 after the final dot.
  demand_login,       // 530 to MAIL.
  refuse_login,       // Offers AUTH PLAIN, then 535.
  accept_login,       // Offers AUTH PLAIN, then 235.
  silent_recipient,   // Answers nothing to RCPT until the client gives up.
  drop_at_greeting,   // Closes before saying anything.
  drop_before_data,   // Closes at DATA, before 354.
  drop_within_data,   // Closes while the mail is being sent, having read no more than its beginning.
  drop_before_reply,  // Reads the mail to the final dot, keeps it, and closes without an answer.
  silent_after_mail,  // Reads the mail to the final dot and answers nothing until the client gives up.
  drop_after_reply,   // Answers 250 to the mail and closes at once.
};

struct Received {
  std::string from;  // As between the angle brackets.
  std::vector<std::string> to;
  std::string raw;  // Dot-stuffing undone, the final dot left out, CRLF line ends.
};

// What the server shows when it speaks TLS.
struct TlsIdentity {
  std::string certificate_pem;
  std::string key_pem;
  bool from_first_byte = false;  // False: offers STARTTLS, and takes no mail before it.
};

class SmtpServer {
 public:
  explicit SmtpServer(Behaviour behaviour, std::optional<TlsIdentity> identity = std::nullopt);
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  std::uint16_t port() const { return port_; }

  // Whole mails, the one whose reply was withheld included. Safe from every thread.
  std::vector<Received> received() const;

  // Every command line seen, without CRLF, the secret after AUTH PLAIN included; mails are not among them.
  std::vector<std::string> commands() const;

 private:
  class Connection;
  void serve();

  Behaviour behaviour_;
  bool tls_from_first_byte_ = false;
  ssl_ctx_st* tls_ = nullptr;  // Owned; null: speaks in the clear only.
  int listener_ = -1;
  int stop_[2] = {-1, -1};  // Closing the second end wakes the thread.
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;  // Guards the two below.
  std::vector<Received> received_;
  std::vector<std::string> commands_;
  std::thread thread_;
};

}  // namespace support::smtp
