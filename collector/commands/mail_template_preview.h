// `mail template preview`: a mail as it would be. Nothing is sent or saved.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

struct MailPreviewOptions {
  std::filesystem::path config;
  std::string kind;
  std::string language;
  std::optional<std::string> file = {};           // A template that is not saved; absent: the one that holds.
  std::optional<std::int64_t> version = {};       // One of the saved ones; 0: as shipped.
  std::optional<std::int64_t> session = {};       // What the mail of this session would tell.
  std::optional<std::string> customer = {};       // What waits to be told to him; neither: an example.
  std::string as = "text";                        // "text", "html" or "eml".
  std::optional<std::filesystem::path> out = {};  // A new file; absent: the terminal.
};

// Text: subject, an empty line, and the plain text. HTML: with the logo inside, for a browser.
int run_mail_template_preview(const MailPreviewOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
