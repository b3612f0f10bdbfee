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

mail::Auth auth_of(const std::string& name) {
  if (name == "plain") return mail::Auth::plain;
  if (name == "login") return mail::Auth::login;
  return name == "xoauth2" ? mail::Auth::xoauth2 : mail::Auth::any;
}

base::Result<std::unique_ptr<mail::Transport>> make_smtp(const MailAccount& account) {
  mail::SmtpOptions options;
  options.host = account.host;
  options.port = static_cast<std::uint16_t>(account.port);
  options.tls = tls_of(account.security);
  options.ca_file = account.ca_file;
  options.user = account.user;
  options.auth = auth_of(account.auth);
  options.secret_file = options.auth == mail::Auth::xoauth2 ? account.token_file : account.password_file;
  options.mails_per_connection = account.mails_per_connection;
  auto transport = mail::SmtpTransport::make(std::move(options));
  if (!transport) return fail("mail account " + account.name, transport.error());
  return std::make_unique<mail::SmtpTransport>(std::move(*transport));
}

base::Result<std::unique_ptr<mail::Transport>> make_transport(const Config& config,
                                                              const MailAccount& account) {
  if (config.mail_transport == "smtp") return make_smtp(account);
  std::error_code error;
  std::filesystem::create_directories(config.eml_directory, error);
  if (error) {
    return fail(ErrorCode::permission_denied,
                "mail.eml_directory " + config.eml_directory.string() + ": " + error.message());
  }
  return std::make_unique<mail::EmlTransport>(config.eml_directory);
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
  settings.mail_notices = config.mail_notices;
  settings.mail_waits_for_review = config.wait_for_review;
  settings.mail_waits_at_most = std::chrono::hours{config.wait_for_review_hours_max};
  for (const auto& account : config.mail_accounts) {
    settings.mail_senders.push_back({.account = account.name,
                                     .name = account.sender_name,
                                     .address = account.sender_address,
                                     .customers = account.customers,
                                     .partners = account.partners});
  }
  settings.mail_language = config.mail_language;
  settings.mail_explains_charges = config.mail_explain_charges;
  settings.sender_name = config.sender_name;
  settings.sender_address = config.sender_address;
  return settings;
}

base::Result<std::vector<pipeline::Sender>> make_senders(const Config& config, const timing::Clock& clock) {
  std::vector<pipeline::Sender> senders;
  if (config.mail_transport == "none") return senders;
  // A file under the name of its Message-ID can be written again without harm.
  const bool repeatable = config.mail_transport == "eml";
  std::vector<std::string> names;
  for (const auto& account : config.mail_accounts) {
    names.push_back(account.name);
    auto transport = make_transport(config, account);
    if (!transport) return std::unexpected{transport.error()};
    auto connection = store::Connection::open(config.database_url);
    if (!connection) return std::unexpected{connection.error()};
    senders.emplace_back(*std::move(connection),
                         pipeline::SenderOptions{.account = account.name,
                                                 .transport = config.mail_transport,
                                                 .repeatable = repeatable,
                                                 .sender_address = config.sender_address,
                                                 .mails_per_min = account.mails_per_min},
                         *std::move(transport), clock);
  }
  auto connection = store::Connection::open(config.database_url);
  if (!connection) return std::unexpected{connection.error()};
  if (auto done = pipeline::adopt_strays(*connection, names); !done) return std::unexpected{done.error()};
  return senders;
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
