// One mail as a test needs it, and the default templates, loaded.

#pragma once

#include "collector/mail/message.h"
#include "collector/mail/template.h"

namespace collector::mail {

// Two sessions of Acme Ltd under a prepaid contract with time left; Athens time.
MailInput sample_input();

// `day` and `clock` in UTC: at("2026-11-21", "09:05:00").
timing::UtcMs at(const std::string& day, const std::string& clock);

Templates default_templates_loaded();

}  // namespace collector::mail
