#include "tests/collector/mail/sample.h"

#include <fstream>
#include <iterator>
#include <string>

#include "collector/mail/texts.h"
#include "tests/source_root.h"

namespace collector::mail {

timing::UtcMs at(const std::string& day, const std::string& clock) {
  return timing::from_rfc3339(day + "T" + clock + "Z").value();
}

MailInput sample_input() {
  return MailInput{.kind = Kind::sessions,
                   .customer = "Acme Ltd",
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

MailInput sample_partner_copy() {
  auto input = sample_input();
  input.kind = Kind::partner_copy;
  input.recipient_name = "Northern IT";
  input.recipient = "desk@northern.example";
  return input;
}

MailInput sample_notice() {
  auto input = sample_input();
  input.kind = Kind::notice;
  input.sessions.clear();
  input.contracts.clear();
  const auto day = std::chrono::year{2026} / 12 / 1;
  input.notices = {
      {.kind = NoticeKind::exhausted, .contract = "Support 2025", .balance_min = -10},
      {.kind = NoticeKind::threshold, .contract = "Support 2026", .used_percent = 80, .balance_min = 120},
      {.kind = NoticeKind::threshold, .contract = "Nights", .left_min = 60, .balance_min = 55},
      {.kind = NoticeKind::threshold,
       .contract = "Purse",
       .left_money = "50.00 EUR",
       .balance_money = "47.50 EUR"},
      {.kind = NoticeKind::expiry, .contract = "Support 2026", .balance_min = 120, .day = day},
      {.kind = NoticeKind::expiry, .contract = "Nights", .balance_min = 30, .day = day, .part = true}};
  return input;
}

std::shared_ptr<const Logo> sample_logo() {
  std::ifstream in{SOURCE_ROOT "/tests/collector/mail/golden/logo.png", std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  return std::make_shared<const Logo>(read_logo(bytes).value());
}

Templates shipped(Kind kind, std::string_view language) {
  return Templates::load(kind, shipped_texts(kind, language).value()).value();
}

}  // namespace collector::mail
