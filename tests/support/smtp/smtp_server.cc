#include "tests/support/smtp/smtp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
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

SSL_CTX* context_of(const TlsIdentity& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  must(context != nullptr);
  BIO* certificate_text = BIO_new_mem_buf(identity.certificate_pem.data(), -1);
  BIO* key_text = BIO_new_mem_buf(identity.key_pem.data(), -1);
  X509* certificate = PEM_read_bio_X509(certificate_text, nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
  must(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1);
  EVP_PKEY_free(key);
  X509_free(certificate);
  BIO_free(key_text);
  BIO_free(certificate_text);
  return context;
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
  Connection(SmtpServer& server, int fd) : server_(server), fd_(fd) {
    const timeval patience{kPatienceMs / 1000, 0};  // For a handshake that stops half way.
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  ~Connection() {
    SSL_free(tls_);
    ::close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void talk() {
    if (is(Behaviour::drop_at_greeting)) return;
    if (server_.tls_from_first_byte_ && !start_tls()) return;
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
    if (tls_ != nullptr) {
      static_cast<void>(SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())));
    } else {
      static_cast<void>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }
  }

  bool start_tls() {
    tls_ = SSL_new(server_.tls_);
    return tls_ != nullptr && SSL_set_fd(tls_, fd_) == 1 && SSL_accept(tls_) == 1;
  }

  bool waits_for_tls() const { return server_.tls_ != nullptr && tls_ == nullptr; }

  void greet() {
    if (waits_for_tls()) return say("250-stand-in\r\n250 STARTTLS");
    const bool offers_login = is(Behaviour::refuse_login) || is(Behaviour::accept_login);
    say(offers_login ? "250-stand-in\r\n250 AUTH PLAIN" : "250 stand-in");
  }

  // False when the connection is over.
  bool answer(const std::string& command) {
    if (command.starts_with("EHLO")) {
      greet();
    } else if (command == "STARTTLS" && waits_for_tls()) {
      say("220 go on");
      return start_tls();
    } else if (waits_for_tls() && command != "QUIT") {
      say("530 STARTTLS first");
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
    if (is(Behaviour::silent_recipient)) return static_cast<void>(line());
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
      const bool decrypted_waits = tls_ != nullptr && SSL_pending(tls_) > 0;
      if (!decrypted_waits && (::poll(waits, 2, kPatienceMs) <= 0 || waits[1].revents != 0))
        return std::nullopt;
      char bytes[4096];
      const auto count =
          tls_ != nullptr ? SSL_read(tls_, bytes, sizeof bytes) : ::recv(fd_, bytes, sizeof bytes, 0);
      if (count <= 0) return std::nullopt;
      buffer_.append(bytes, static_cast<std::size_t>(count));
    }
  }

  SmtpServer& server_;
  int fd_;
  SSL* tls_ = nullptr;
  std::string buffer_;
  Received mail_;
};

SmtpServer::SmtpServer(Behaviour behaviour, std::optional<TlsIdentity> identity) : behaviour_(behaviour) {
  if (identity) {
    tls_ = context_of(*identity);
    tls_from_first_byte_ = identity->from_first_byte;
  }
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
  SSL_CTX_free(tls_);
}

void SmtpServer::serve() {
  sigset_t broken_pipe;  // OpenSSL writes without MSG_NOSIGNAL.
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  must(pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr) == 0);
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
