// `deskledger-collector comment-tags`: what would the collector read in this
// comment? Needs no database, so it cannot say whether the technician exists.

#pragma once

#include <ostream>
#include <string>

namespace collector::commands {

struct CommentTagsOptions {
  std::string text;
  std::string tag_match = "token";     // "token" or "anywhere".
  std::string lead_number = "strict";  // "strict" or "seed".
  bool json = false;
};

// Writes to `out`, with --json
//   {"technician":1,"flags":{"hold":false,"no_charge":false},"override":null,"text":"antivirus installation",
//    "review":[{"code":"no_description","sentence":"..."}],"hints":["..."]}
// and one line a fact otherwise. Returns the exit code: 0, also when the
// comment leads to a review; 2 with one line on `err` when an option cannot be used.
int run_comment_tags(const CommentTagsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
