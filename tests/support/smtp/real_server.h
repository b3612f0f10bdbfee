// Debian's python3-aiosmtpd as a process of its own (server.py): a real SMTP server on loopback that
// misbehaves when it is told to, and whose mails can be read whatever happened to the client.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/process/process.h"

namespace support::smtp {

struct KeptMail {
  std::string from;
  std::vector<std::string> to;
  std::string raw;              // With CRLF line ends.
  std::string message_id;       // Without angle brackets.
  std::int64_t connection = 0;  // Counted from 1.
  bool tls = false;
  std::string user;  // "robot by PLAIN"; empty: no login.
};

class RealServer {
 public:
  // Its files are made in `folder`, which must exist. With a certificate and its key in PEM files it wants
  // STARTTLS and a login. Throws std::runtime_error if it does not start.
  explicit RealServer(const std::filesystem::path& folder, const std::string& certificate = "",
                      const std::string& key = "");

  std::uint16_t port() const { return port_; }
  // From the next step on, of server.py: "close rcpt"; "" for all is well.
  void behave(const std::string& how);
  // Waits until a client has come to where it was told to stall.
  bool reached(const std::string& step);
  // All it ever took, in order.
  std::vector<KeptMail> kept() const;
  Process& process() { return *process_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Process> process_;
  std::uint16_t port_ = 0;
};

}  // namespace support::smtp
