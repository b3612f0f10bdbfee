#include "tests/collector/mail/sample.h"

namespace collector::mail {

timing::UtcMs at(const std::string& day, const std::string& clock) {
  return timing::from_rfc3339(day + "T" + clock + "Z").value();
}

MailInput sample_input() {
  return MailInput{.customer = "Acme Ltd",
                   .recipient = "it@acme.example",
                   .language = "en",
                   .sessions = {SessionLine{.started = at("2026-11-20", "08:05:00"),
                                            .ended = at("2026-11-20", "08:20:12"),
                                            .seconds = 912,
                                            .charged_min = 20,
                                            .no_charge = false,
                                            .terminal = "Server",
                                            .technician = "Maria K.",
                                            .text = "antivirus update"},
                                SessionLine{.started = at("2026-11-20", "21:50:00"),
                                            .ended = at("2026-11-20", "23:00:15"),
                                            .seconds = 4215,
                                            .charged_min = 80,
                                            .no_charge = true,
                                            .terminal = "Billing",
                                            .technician = "Nikos P.",
                                            .text = "printer driver\nand a test page"}},
                   .contracts = {ContractBlock{
                       .name = "Support 2026", .prepaid = true, .balance_min = 580, .exhausted = false}},
                   .time_zone = "Europe/Athens",
                   .sender_name = "Example Support",
                   .sender_address = "support@example.org",
                   .message_id = "batch-17.1@collector.example.org",
                   .date = at("2026-11-21", "09:05:07"),
                   .reference = "batch-17"};
}

Templates default_templates_loaded() {
  return Templates::load(default_texts()).value();
}

}  // namespace collector::mail
