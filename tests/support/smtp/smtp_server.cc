#include "tests/support/smtp/smtp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

namespace support::smtp {

namespace {

constexpr int kPatienceMs = 10'000;
constexpr int kCommandsMax = 100;
constexpr int kConnectionsMax = 100;
constexpr std::size_t kMailBytesMax = 64 * 1024 * 1024;

// A test cannot go on without its server.
void must(bool fine) {
  if (!fine) std::abort();
}

// What stands between the first '<' and the following '>'.
std::string path_in(const std::string& command) {
  const auto open = command.find('<');
  const auto close = command.find('>', open);
  return close == std::string::npos ? std::string{} : command.substr(open + 1, close - open - 1);
}

}  // namespace

// One client, spoken to until it leaves, the script drops it or the server stops.
class SmtpServer::Connection {
 public:
  Connection(SmtpServer& server, int fd) : server_(server), fd_(fd) {}
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void talk() {
    if (is(Behaviour::drop_at_greeting)) return;
    say(is(Behaviour::refuse_greeting) ? "554 no service here" : "220 stand-in ready");
    for (int i = 0; i < kCommandsMax; ++i) {
      const auto command = line();
      if (!command) return;
      remember(*command);
      if (!answer(*command)) return;
    }
  }

 private:
  bool is(Behaviour behaviour) const { return server_.behaviour_ == behaviour; }

  void remember(const std::string& command) {
    const std::scoped_lock lock{server_.mutex_};
    server_.commands_.push_back(command);
  }

  void say(const std::string& text) {
    const std::string bytes = text + "\r\n";
    static_cast<void>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }

  // False when the connection is over.
  bool answer(const std::string& command) {
    if (command.starts_with("EHLO")) {
      const bool login = is(Behaviour::refuse_login) || is(Behaviour::accept_login);
      say(login ? "250-stand-in\r\n250 AUTH PLAIN" : "250 stand-in");
    } else if (command.starts_with("AUTH")) {
      return login();
    } else if (command.starts_with("MAIL FROM:")) {
      if (is(Behaviour::demand_login)) return say("530 log in first"), true;
      mail_ = Received{path_in(command), {}, {}};
      say("250 sender fine");
    } else if (command.starts_with("RCPT TO:")) {
      recipient(command);
    } else if (command == "DATA") {
      return data();
    } else if (command == "QUIT") {
      say("221 bye");
      return false;
    } else {
      say("502 not known here");
    }
    return true;
  }

  // AUTH PLAIN as libcurl speaks it: the secret comes on its own line.
  bool login() {
    say("334 ");
    const auto secret = line();
    if (!secret) return false;
    remember(*secret);
    say(is(Behaviour::refuse_login) ? "535 wrong password" : "235 welcome");
    return true;
  }

  void recipient(const std::string& command) {
    if (is(Behaviour::refuse_recipient)) return say("550 no such user");
    if (is(Behaviour::busy_recipient)) return say("451 greylisted, come back");
    mail_.to.push_back(path_in(command));
    say("250 recipient fine");
  }

  bool data() {
    if (is(Behaviour::drop_before_data)) return false;
    say("354 go on");
    if (is(Behaviour::drop_within_data)) return static_cast<void>(line()), false;
    while (mail_.raw.size() < kMailBytesMax) {
      const auto text = line();
      if (!text) return false;
      if (*text == ".") break;
      mail_.raw += (text->starts_with('.') ? text->substr(1) : *text) + "\r\n";
    }
    return after_mail();
  }

  bool after_mail() {
    if (is(Behaviour::refuse_mail)) return say("554 looks like spam"), true;
    if (is(Behaviour::busy_mail)) return say("451 disk full, come back"), true;
    {
      const std::scoped_lock lock{server_.mutex_};
      server_.received_.push_back(mail_);
    }
    if (is(Behaviour::drop_before_reply)) return false;
    if (is(Behaviour::silent_after_mail)) return static_cast<void>(line()), false;
    say("250 taken");
    return !is(Behaviour::drop_after_reply);
  }

  // The next line without CRLF; nothing when the client left, patience ended or the server stops.
  std::optional<std::string> line() {
    for (;;) {
      if (const auto end = buffer_.find("\r\n"); end != std::string::npos) {
        auto text = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        return text;
      }
      pollfd waits[2] = {{fd_, POLLIN, 0}, {server_.stop_[0], POLLIN, 0}};
      if (::poll(waits, 2, kPatienceMs) <= 0 || waits[1].revents != 0) return std::nullopt;
      char bytes[4096];
      const auto count = ::recv(fd_, bytes, sizeof bytes, 0);
      if (count <= 0) return std::nullopt;
      buffer_.append(bytes, static_cast<std::size_t>(count));
    }
  }

  SmtpServer& server_;
  int fd_;
  std::string buffer_;
  Received mail_;
};

SmtpServer::SmtpServer(Behaviour behaviour) : behaviour_(behaviour) {
  must(::pipe(stop_) == 0);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  must(listener_ >= 0 && ::bind(listener_, generic, size) == 0 && ::listen(listener_, 8) == 0);
  must(::getsockname(listener_, generic, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

SmtpServer::~SmtpServer() {
  ::close(stop_[1]);
  thread_.join();
  ::close(stop_[0]);
  ::close(listener_);
}

void SmtpServer::serve() {
  for (int i = 0; i < kConnectionsMax; ++i) {
    pollfd waits[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    // Waiting for a client has no limit of its own: the destructor ends it.
    if (::poll(waits, 2, -1) < 0 || waits[1].revents != 0) return;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) Connection{*this, fd}.talk();
  }
}

std::vector<Received> SmtpServer::received() const {
  const std::scoped_lock lock{mutex_};
  return received_;
}

std::vector<std::string> SmtpServer::commands() const {
  const std::scoped_lock lock{mutex_};
  return commands_;
}

}  // namespace support::smtp
