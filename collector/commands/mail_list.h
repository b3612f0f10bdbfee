// `mail list` and `mail export`: the log of every mail, searched and handed out.

#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/mails.h"

namespace collector::commands {

struct MailListOptions {
  std::filesystem::path config;
  std::optional<std::string> state = {};      // As store::state_of() says it.
  std::optional<std::string> kind = {};       // sessions, partner_copy, notice
  std::optional<std::string> customer = {};   // A code.
  std::optional<std::string> recipient = {};  // Part of the address.
  std::optional<std::string> text = {};       // In the subject, the decoded text or the Message-ID.
  std::optional<std::string> from = {};       // Composed on this day or at this time (UTC), or later.
  std::optional<std::string> until = {};      // Composed before.
  std::int64_t limit = 100;
  bool json = false;
};

// What `mail list` may be asked for by --state.
std::vector<std::string> mail_states();

// Newest first.
int run_mail_list(const MailListOptions& options, std::ostream& out, std::ostream& err);

// Every mail that the options ask for as FOLDER/<Message-ID>.eml, exactly as it went out, and
// FOLDER/mails.csv with what became of each. The folder is made; a file that is there already is not
// replaced, which is an error.
int run_mail_export(const MailListOptions& options, const std::filesystem::path& folder, std::ostream& out,
                    std::ostream& err);

// A mail as programs are shown it in lists; `items` is how many sessions or notices it tells.
boost::json::object mail_json(const store::MailRow& mail, std::size_t items);

}  // namespace collector::commands
