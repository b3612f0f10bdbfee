// What the steps of the pipeline are told by the configuration.

#pragma once

#include <cstdint>
#include <string>

#include "collector/attribution/attribute.h"

namespace collector::pipeline {

struct Settings {
  attribution::Settings attribution;
  std::int64_t comment_tolerance_s = 120;
  // True if what a comment changes about a billed session is posted without a person's word.
  bool adjust_by_itself = false;
  // True if the transport may be given a mail again without harm (docs/decisions/0005).
  bool mail_repeatable = false;
  std::string mail_language = "en";  // Of mails to whom no template in his own language is for.
  std::string sender_name = "Support";
  std::string sender_address = "support@localhost.localdomain";
};

}  // namespace collector::pipeline
