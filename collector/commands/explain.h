// `explain`: every step of a session, a charge or an entry, from the agent's records to the document.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct ExplainOptions {
  std::filesystem::path config;
  std::string subject;  // "session:12", "12", "charge:7", "entry:31".
  bool json = false;
  bool utf8 = false;  // What is printed may say more than ASCII.
};

// 1 if there is no such thing.
int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err);

// Whether the locale of the environment (LC_ALL, LC_CTYPE, LANG, the first that says something) is UTF-8.
bool locale_is_utf8();

}  // namespace collector::commands
