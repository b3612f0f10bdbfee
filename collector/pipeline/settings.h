// What the steps of the pipeline are told by the configuration.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "collector/attribution/attribute.h"
#include "collector/mail/logo.h"

namespace collector::pipeline {

// As whom, and through which account, certain customers and partners are told.
struct MailSender {
  std::string account = "default";
  std::string name = {};                    // Empty: Settings::sender_name,
  std::string address = {};                 // and sender_address.
  std::vector<std::string> customers = {};  // Codes of those whose mails are meant,
  std::vector<std::string> partners = {};   // and of those whose copies are.
};

struct Settings {
  attribution::Settings attribution;
  std::int64_t comment_tolerance_s = 120;
  // True if what a comment changes about a billed session is posted without a person's word.
  bool adjust_by_itself = false;
  std::string mail_language = "en";  // Of mails to whom no template in his own language is for.
  std::shared_ptr<const mail::Logo> mail_logo = {};  // Stands in every mail; nothing: none does.
  bool mail_explains_charges = false;                // Each session says why it costs what it costs.
  // Kinds of notices (ledger/notice.h) of which customers are told.
  std::vector<std::string> mail_notices = {};
  // Whether a mail waits while a session of its window is in review, and how long at most.
  bool mail_waits_for_review = false;
  std::chrono::minutes mail_waits_at_most{24 * 60};
  std::vector<MailSender> mail_senders = {};  // Who is in none of them: sender_name and sender_address.
  std::string sender_name = "Support";
  std::string sender_address = "support@localhost.localdomain";
};

}  // namespace collector::pipeline
