// The collector's configuration file as values. The file itself is documented
// by collector/collector.full.toml, which a test loads.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "collector/commands/config_mail.h"
#include "collector/net/limits.h"
#include "common/base/result.h"

namespace collector::commands {

struct Config {
  std::filesystem::path directory;  // The file's folder: where relative paths begin.

  std::string database_url = "sqlite:collector.db";
  std::string listen_agents = "0.0.0.0:7443";
  std::filesystem::path pki_directory = "pki";
  std::int64_t token_minutes = 15;

  std::string proof_origin = "deskledger.local/log";  // The log's name, for ever.
  std::int64_t checkpoint_seconds = 60;

  std::string tag_match = "token";     // token, anywhere
  std::string lead_number = "strict";  // strict, seed
  std::int64_t comment_wait_minutes = 15;
  std::int64_t match_tolerance_s = 120;
  std::int64_t max_hours = 12;
  std::string after_billing = "review";  // review, posted

  std::string mail_transport = "none";  // smtp, eml, none
  std::filesystem::path eml_directory = "mails";
  std::string mail_language = "en";
  std::filesystem::path mail_logo;  // Empty: none.
  bool mail_explain_charges = false;
  std::string sender_name = "Support";
  std::string sender_address = "support@localhost.localdomain";
  std::vector<std::string> mail_notices = {"used", "left", "exhausted", "contract_ends", "lot_ends"};
  bool wait_for_review = false;
  std::int64_t wait_for_review_hours_max = 24;
  std::vector<MailAccount> mail_accounts = {MailAccount{}};  // The first is [mail.smtp], "default".

  net::Limits limits;

  std::string log_level = "info";

  bool operator==(const Config&) const = default;
};

// The file's values over the defaults, paths made absolute. The error names
// every problem with its line. not_found says what to do.
[[nodiscard]] base::Result<Config> load_config(const std::filesystem::path& file);

// The same from text; `directory` is where relative paths begin.
[[nodiscard]] base::Result<Config> parse_config(std::string_view text, std::string_view name,
                                                const std::filesystem::path& directory);

}  // namespace collector::commands
