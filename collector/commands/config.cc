#include "collector/commands/config.h"

#include <chrono>

#include "collector/mail/address.h"
#include "collector/mail/language_tag.h"
#include "collector/proof/note.h"
#include "collector/store/comments.h"
#include "common/config/reader.h"

namespace collector::commands {

namespace {

// sqlite:relative.db begins at the configuration's folder as every other path does.
std::string absolute_url(const std::string& url, const std::filesystem::path& directory) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!url.starts_with(kSqlite)) return url;
  return std::string{kSqlite} + (directory / url.substr(kSqlite.size())).string();
}

// A span of time that the file tells in seconds.
void seconds(config::Reader& reader, std::string_view key, std::chrono::milliseconds& value, std::int64_t min,
             std::int64_t max) {
  auto told = std::chrono::duration_cast<std::chrono::seconds>(value).count();
  reader.integer(key, told, min, max);
  value = std::chrono::seconds{told};
}

void read_limits(config::Reader& reader, net::Limits& limits) {
  constexpr std::int64_t kMany = 1'000'000'000'000;
  reader.integer("limits.connections_max", limits.connections_max, 1, 1'000'000);
  reader.integer("limits.address_connections_max", limits.address_connections_max, 1, 1'000'000);
  reader.integer("limits.address_handshakes_per_min", limits.address_handshakes_per_min, 1, kMany);
  reader.integer("limits.address_enrolments_per_min", limits.address_enrolments_per_min, 1, kMany);
  reader.integer("limits.stranger_handshakes_per_s", limits.stranger_handshakes_per_s, 1, kMany);
  reader.integer("limits.enrolments_per_s", limits.enrolments_per_s, 1, kMany);
  reader.integer("limits.agent_renewals_per_h", limits.agent_renewals_per_h, 1, kMany);
  reader.integer("limits.agent_records_per_s", limits.agent_records_per_s, 1, kMany);
  reader.integer("limits.agent_records_burst", limits.agent_records_burst, 1, kMany);
  reader.integer("limits.agent_bytes_per_s", limits.agent_bytes_per_s, 1, kMany);
  reader.integer("limits.agent_bytes_burst", limits.agent_bytes_burst, 1, kMany);
  reader.integer("limits.strikes_max", limits.strikes_max, 1, kMany);
  reader.integer("limits.strikes_s", limits.strikes_s, 1, 86'400);
  reader.integer("limits.replacements_max", limits.replacements_max, 1, kMany);
  seconds(reader, "limits.first_frame_s", limits.first_frame, 1, 600);
  // Agents ping after 10 s of silence.
  seconds(reader, "limits.idle_s", limits.idle, 15, 3'600);
  seconds(reader, "limits.send_s", limits.send, 1, 600);
}

base::Result<Config> read(config::Reader reader, const std::filesystem::path& directory) {
  Config c;
  std::string logo;
  std::string pki = c.pki_directory.string(), eml = c.eml_directory.string();
  reader.text("database.url", c.database_url);
  reader.text("listen.agents", c.listen_agents);
  reader.text("pki.directory", pki);
  reader.integer("enrolment.token_minutes", c.token_minutes, 1, 60 * 24 * 365);
  reader.text("proof.origin", c.proof_origin);
  reader.integer("proof.checkpoint_seconds", c.checkpoint_seconds, 1, 60 * 60 * 24);
  reader.choice("comment.tag_match", c.tag_match, {"token", "anywhere"});
  reader.choice("comment.lead_number", c.lead_number, {"strict", "seed"});
  reader.integer("comment.wait_minutes", c.comment_wait_minutes, 0, 60 * 24 * 30);
  reader.integer("comment.match_tolerance_s", c.match_tolerance_s, 0,
                 std::chrono::seconds{store::kCommentToleranceMax}.count());
  reader.integer("session.max_hours", c.max_hours, 1, 24 * 7);
  reader.choice("comment.after_billing", c.after_billing, {"review", "posted"});
  reader.choice("mail.transport", c.mail_transport, {"smtp", "eml", "none"});
  reader.text("mail.eml_directory", eml);
  reader.text("mail.language", c.mail_language);
  reader.text("mail.logo", logo);
  reader.flag("mail.explain_charges", c.mail_explain_charges);
  reader.text("mail.sender_name", c.sender_name);
  reader.text("mail.sender_address", c.sender_address);
  reader.texts("mail.notices", c.mail_notices);
  reader.flag("mail.wait_for_review", c.wait_for_review);
  reader.integer("mail.wait_for_review_hours_max", c.wait_for_review_hours_max, 1, 24 * 31);
  c.mail_accounts = read_mail_accounts(reader);
  read_limits(reader, c.limits);
  reader.choice("log.level", c.log_level, {"debug", "info", "warning", "error"});
  if (auto done = reader.finish(); !done) return std::unexpected{done.error()};
  if (!proof::is_note_name(c.proof_origin)) {
    return base::fail(base::ErrorCode::invalid_argument,
                      "proof.origin '" + c.proof_origin +
                          "' is no name of a log such as collector.example.com/log: no blanks, no '+'");
  }
  if (!mail::is_address(c.sender_address)) {
    return base::fail(base::ErrorCode::invalid_argument, "mail.sender_address '" + c.sender_address +
                                                             "' is no address such as support@example.com");
  }
  if (auto sound = check_mail(c.mail_accounts, c.mail_notices); !sound) return std::unexpected{sound.error()};

  auto language = mail::typed_language(c.mail_language);
  if (!language) return base::fail(language.error().code, "mail.language " + language.error().message);
  c.mail_language = *std::move(language);

  c.directory = directory;
  c.database_url = absolute_url(c.database_url, directory);
  c.pki_directory = directory / pki;
  c.eml_directory = directory / eml;
  if (!logo.empty()) c.mail_logo = directory / logo;
  for (auto& account : c.mail_accounts) {
    for (auto* file : {&account.password_file, &account.token_file, &account.ca_file})
      if (!file->empty()) *file = (directory / *file).string();
  }
  return c;
}

}  // namespace

base::Result<Config> load_config(const std::filesystem::path& file) {
  auto reader = config::Reader::from_file(file);
  if (!reader) {
    base::Error error = reader.error();
    if (error.code == base::ErrorCode::not_found) {
      error.message += " (make one with: deskledger-collector init DIRECTORY)";
    }
    return std::unexpected{error};
  }
  return read(std::move(*reader), std::filesystem::absolute(file).parent_path());
}

base::Result<Config> parse_config(std::string_view text, std::string_view name,
                                  const std::filesystem::path& directory) {
  auto reader = config::Reader::from_text(text, name);
  if (!reader) return std::unexpected{reader.error()};
  return read(std::move(*reader), directory);
}

}  // namespace collector::commands
