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

pipeline::Settings pipeline_settings(const Config& config) {
  pipeline::Settings settings;
  settings.attribution.tags.tag_match =
      config.tag_match == "anywhere" ? attribution::TagMatch::anywhere : attribution::TagMatch::token;
  settings.attribution.tags.lead_number =
      config.lead_number == "seed" ? attribution::LeadNumber::seed : attribution::LeadNumber::strict;
  settings.attribution.comment_wait_s = config.comment_wait_minutes * 60;
  settings.attribution.max_session_s = config.max_hours * 3600;
  settings.comment_tolerance_s = config.match_tolerance_s;
  settings.adjust_by_itself = config.after_billing == "posted";
  // A file under the name of its Message-ID can be written again without harm.
  settings.mail_repeatable = config.mail_transport == "eml";
  settings.mail_language = config.mail_language;
  settings.mail_explains_charges = config.mail_explain_charges;
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

base::Result<FileLock> FileLock::take(const std::filesystem::path& path, std::string busy) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(ErrorCode::permission_denied,
                "cannot open " + path.string() + ": " + std::generic_category().message(errno));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return fail(ErrorCode::conflict, std::move(busy));
  }
  return FileLock{descriptor};
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::filesystem::path ca_lock_file(const std::filesystem::path& pki_folder) {
  return pki_folder / "ca.lock";
}

base::Result<FileLock> take_serve_lock(const std::filesystem::path& directory) {
  return FileLock::take(directory / "serve.lock",
                        "another collector serves " + directory.string() + " already");
}

}  // namespace collector::commands
