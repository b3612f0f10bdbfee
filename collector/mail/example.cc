#include "collector/mail/example.h"

namespace collector::mail {

namespace {

std::vector<SessionLine> sessions(timing::UtcMs now) {
  using std::chrono::minutes, std::chrono::seconds;
  return {{.started = now - minutes{95},
           .ended = now - minutes{80} + seconds{12},
           .seconds = 912,
           .charged_min = 20,
           .no_charge = false,
           .terminal = "Server",
           .technician = "Maria K.",
           .text = "antivirus update",
           .steps = {{.what = "first block", .minutes = 10}, {.what = "further blocks", .minutes = 20}}},
          {.started = now - minutes{60},
           .ended = now - minutes{51},
           .seconds = 540,
           .charged_min = 0,
           .no_charge = true,
           .terminal = "Billing",
           .technician = "Nikos P.",
           .text = "printer driver\nand a test page",
           .steps = {{.what = "no charge", .minutes = 0}}}};
}

std::vector<NoticeLine> notices(timing::UtcMs now) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(now) + std::chrono::days{30}};
  return {{.kind = NoticeKind::exhausted, .contract = "Support A", .balance_min = -10},
          {.kind = NoticeKind::threshold, .contract = "Support B", .used_percent = 80, .balance_min = 120},
          {.kind = NoticeKind::threshold,
           .contract = "Support C",
           .left_money = "50.00 EUR",
           .balance_money = "47.50 EUR"},
          {.kind = NoticeKind::expiry, .contract = "Support D", .balance_min = 120, .day = day},
          {.kind = NoticeKind::expiry, .contract = "Support E", .balance_min = 30, .day = day, .part = true}};
}

}  // namespace

MailInput example(Kind kind, const std::string& language, timing::UtcMs now) {
  MailInput input;
  input.kind = kind;
  input.customer = "Acme Ltd";
  if (kind == Kind::partner_copy) input.recipient_name = "Northern IT";
  input.recipient = "it@acme.example";
  input.language = language;
  if (kind == Kind::notice) {
    input.notices = notices(now);
  } else {
    input.sessions = sessions(now);
    input.contracts = {{.name = "Support A", .prepaid = true, .balance_min = -10, .exhausted = true},
                       {.name = "Support B", .prepaid = true, .balance_min = 25, .low = true},
                       {.name = "Projects", .prepaid = false, .balance_min = 190}};
  }
  input.sender_name = "Support";
  input.sender_address = "support@localhost.localdomain";
  input.message_id = "example@localhost.localdomain";
  input.date = now;
  input.reference = "example";
  return input;
}

}  // namespace collector::mail
