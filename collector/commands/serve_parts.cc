#include "collector/commands/serve_parts.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "collector/commands/workspace.h"
#include "collector/mail/eml_transport.h"
#include "collector/mail/smtp_transport.h"

namespace collector::commands {

using base::ErrorCode;
using base::fail;

namespace {

mail::Tls tls_of(const std::string& name) {
  if (name == "tls") return mail::Tls::tls;
  return name == "none" ? mail::Tls::none : mail::Tls::starttls;
}

base::Result<std::unique_ptr<mail::Transport>> make_smtp(const Config& config) {
  mail::SmtpOptions options;
  options.host = config.smtp_host;
  options.port = static_cast<std::uint16_t>(config.smtp_port);
  options.tls = tls_of(config.smtp_security);
  options.ca_file = config.smtp_ca_file;
  options.user = config.smtp_user;
  options.password_file = config.smtp_password_file;
  auto transport = mail::SmtpTransport::make(std::move(options));
  if (!transport) return fail("mail.smtp", transport.error());
  return std::make_unique<mail::SmtpTransport>(std::move(*transport));
}

}  // namespace

base::Result<Pki> load_pki(const Config& config) {
  const auto files = pki_files(config.pki_directory);
  auto certificate = crypto::Certificate::load(files.authority_certificate);
  if (!certificate) return std::unexpected{certificate.error()};
  auto key = crypto::TlsKey::load(files.authority_key);
  if (!key) return std::unexpected{key.error()};
  auto authority = crypto::Authority::adopt(std::move(*certificate), std::move(*key));
  if (!authority) return std::unexpected{authority.error()};
  auto acknowledgement_key = crypto::SigningKey::load(files.acknowledgement_key);
  if (!acknowledgement_key) return std::unexpected{acknowledgement_key.error()};
  const auto server = crypto::Certificate::load(files.server_certificate);
  if (!server) return std::unexpected{server.error()};
  const auto server_key = crypto::TlsKey::load(files.server_key);
  if (!server_key) return std::unexpected{server_key.error()};
  auto trust = identity::Trust::make(std::move(*authority), {}, *server, *server_key);
  if (!trust) return std::unexpected{trust.error()};
  return Pki{.trust = std::move(*trust), .acknowledgement_key = std::move(*acknowledgement_key)};
}

pipeline::Settings pipeline_settings(const Config& config) {
  pipeline::Settings settings;
  settings.attribution.tags.tag_match =
      config.tag_match == "anywhere" ? attribution::TagMatch::anywhere : attribution::TagMatch::token;
  settings.attribution.tags.lead_number =
      config.lead_number == "seed" ? attribution::LeadNumber::seed : attribution::LeadNumber::strict;
  settings.attribution.comment_wait_s = config.comment_wait_minutes * 60;
  settings.attribution.max_session_s = config.max_hours * 3600;
  settings.comment_tolerance_s = config.match_tolerance_s;
  // A file under the name of its Message-ID can be written again without harm.
  settings.mail_repeatable = config.mail_transport == "eml";
  settings.sender_name = config.sender_name;
  settings.sender_address = config.sender_address;
  return settings;
}

base::Result<std::unique_ptr<mail::Transport>> make_transport(const Config& config) {
  if (config.mail_transport == "smtp") return make_smtp(config);
  if (config.mail_transport == "none") return std::unique_ptr<mail::Transport>{};
  std::error_code error;
  std::filesystem::create_directories(config.eml_directory, error);
  if (error) {
    return fail(ErrorCode::permission_denied,
                "mail.eml_directory " + config.eml_directory.string() + ": " + error.message());
  }
  return std::make_unique<mail::EmlTransport>(config.eml_directory);
}

base::Result<ServeLock> ServeLock::take(const std::filesystem::path& directory) {
  const auto path = directory / "serve.lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(ErrorCode::permission_denied,
                "cannot open " + path.string() + ": " + std::generic_category().message(errno));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return fail(ErrorCode::conflict, "another collector serves " + directory.string() + " already");
  }
  return ServeLock{descriptor};
}

ServeLock::~ServeLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace collector::commands
