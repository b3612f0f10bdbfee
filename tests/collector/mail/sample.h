// Mails as a test needs them, and the templates that come with the program, loaded.

#pragma once

#include <memory>
#include <string_view>

#include "collector/mail/message.h"
#include "collector/mail/template.h"

namespace collector::mail {

// Two sessions of Acme Ltd under a prepaid contract with time left; Athens time.
MailInput sample_input();

// `day` and `clock` in UTC: at("2026-11-21", "09:05:00").
timing::UtcMs at(const std::string& day, const std::string& clock);

// As a partner of Acme Ltd gets it.
MailInput sample_partner_copy();

// A notice of each sort, about contracts of Acme Ltd.
MailInput sample_notice();

// golden/logo.png, 176 x 44 pixels.
std::shared_ptr<const Logo> sample_logo();

// The shipped ones; `language` is "en", "el" or "de".
Templates shipped(Kind kind = Kind::sessions, std::string_view language = "en");

}  // namespace collector::mail
