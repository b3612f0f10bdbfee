// `mail template`: what mails say. What a person saves is a new version; mails that are composed stay.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

// Which template; every command here refuses a kind that is none.
struct MailTemplateOptions {
  std::filesystem::path config = {};
  std::string kind = {};                     // "sessions", "partner_copy" or "notice".
  std::string language = {};                 // "en", "el", "de" or another one.
  std::optional<std::int64_t> version = {};  // 0: what comes with the program. Absent: the newest.
  std::string file = {};
  std::string reason = {};
  bool json = false;
};

// Every kind and language there is, saved or shipped. JSON: [{"kind":..,"language":..,"version":0,...},...]
int run_mail_template_list(const MailTemplateOptions& options, std::ostream& out, std::ostream& err);

// The texts as `mail template set` reads them.
int run_mail_template_show(const MailTemplateOptions& options, std::ostream& out, std::ostream& err);

// What a template may say. `kind`: only what that kind knows; empty: everything.
int run_mail_template_tokens(const MailTemplateOptions& options, std::ostream& out, std::ostream& err);

// Whether the file can be used for that kind; needs no collector.
int run_mail_template_check(const MailTemplateOptions& options, std::ostream& out, std::ostream& err);

int run_mail_template_set(const MailTemplateOptions& options, std::ostream& out, std::ostream& err);

// All saved versions of one, the newest first.
int run_mail_template_history(const MailTemplateOptions& options, std::ostream& out, std::ostream& err);

int run_mail_template_restore(const MailTemplateOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
