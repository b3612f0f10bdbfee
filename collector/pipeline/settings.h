// What the steps of the pipeline are told by the configuration.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "collector/attribution/attribute.h"
#include "collector/mail/logo.h"

namespace collector::pipeline {

struct Settings {
  attribution::Settings attribution;
  std::int64_t comment_tolerance_s = 120;
  // True if what a comment changes about a billed session is posted without a person's word.
  bool adjust_by_itself = false;
  // True if the transport may be given a mail again without harm (docs/decisions/0005).
  bool mail_repeatable = false;
  std::string mail_language = "en";  // Of mails to whom no template in his own language is for.
  std::shared_ptr<const mail::Logo> mail_logo = {};  // Stands in every mail; nothing: none does.
  bool mail_explains_charges = false;                // Each session says why it costs what it costs.
  std::string sender_name = "Support";
  std::string sender_address = "support@localhost.localdomain";
};

}  // namespace collector::pipeline
