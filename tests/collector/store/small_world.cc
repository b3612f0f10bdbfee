#include "tests/collector/store/small_world.h"

#include "collector/store/customers.h"
#include "collector/store/terminals.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {

SmallWorld make_small_world(Transaction& t) {
  SmallWorld world;
  const auto token = must(
      create_token(t, {.secret_hash = "secret", .workstation = "WS-1", .created = at(1), .expires = at(2)}));
  must(enrol(t, agent_row(token, world.agent_id)));
  world.customer_id =
      must(upsert_customer(
               t, {.id = 0, .code = "ACME", .name = "Acme", .email = "it@acme.test", .language = "en"}))
          .id;
  world.terminal_id = must(upsert_terminal(t, {.id = 0,
                                               .customer_id = world.customer_id,
                                               .address = "123456789",
                                               .description = "Server",
                                               .valid_from = {},
                                               .valid_to = {}}))
                          .id;
  world.technician_id =
      must(upsert_technician(t,
                             {.id = 0, .number = 7, .name = "Ada", .email = "ada@desk.test", .active = true}))
          .id;
  world.template_id = must(add_template_version(t, "standard", rating::Rule{})).id;
  world.contract_id = must(upsert_contract(t, contract_of(world, "Support"))).id;
  return world;
}

AgentRow agent_row(std::int64_t token_id, const std::string& agent_id) {
  return {.agent_id = agent_id,
          .workstation = "WS-1",
          .token_id = token_id,
          .record_key = "key of " + agent_id,
          .hostname = "host",
          .os = "debian",
          .version = "0.1.0",
          .enrolled = at(5),
          .revoked = {},
          .last_seen = {}};
}

BatchRow batch_row(const std::string& agent_id, std::int64_t first_seq) {
  return {.id = 0,
          .agent_id = agent_id,
          .epoch = 1,
          .first_seq = first_seq,
          .record_count = 0,
          .prev_head = "before " + std::to_string(first_seq),
          .head = "head " + std::to_string(first_seq),
          .key_id = "key",
          .sig = std::string("s\0ig\xff", 5),
          .received = at(100 + first_seq)};
}

directory::Contract contract_of(const SmallWorld& world, const std::string& name) {
  directory::Contract contract;
  contract.customer_id = world.customer_id;
  contract.name = name;
  contract.template_id = world.template_id;
  contract.start_day =
      std::chrono::year_month_day{std::chrono::year{2026}, std::chrono::month{1}, std::chrono::day{1}};
  return contract;
}

SessionRow session_row(const SmallWorld& world, const std::string& key) {
  return {.id = 0,
          .agent_id = world.agent_id,
          .session_key = key,
          .workstation = "WS-1",
          .anydesk_id = "555000111",
          .remote_id = "123456789",
          .kind = "desktop",
          .outcome = "completed",
          .requested = at(9'000),
          .started = at(10'000),
          .ended = at(70'000),
          .last_seen = {},
          .end_reason = "closed",
          .clock_backwards = false,
          .revision = 0,
          .last_record_id = 1};
}

CommentRow comment_row(const std::string& remote_id, std::int64_t started_ms, const std::string& text) {
  return {.id = 0,
          .remote_id = remote_id,
          .anydesk_id = "555000111",
          .started = at(started_ms),
          .text = text,
          .source = "import",
          .imported = at(started_ms + 1)};
}

AttributionRow attribution_row(const SmallWorld& world, std::int64_t session_id,
                               const std::string& disposition) {
  return {.id = 0,
          .session_id = session_id,
          .session_revision = 1,
          .comment_id = {},
          .directory_version = 0,
          .disposition = disposition,
          .technician_id = world.technician_id,
          .technician_rule = "support_point",
          .customer_id = world.customer_id,
          .terminal_id = world.terminal_id,
          .contract_id = world.contract_id,
          .no_charge = false,
          .override_min = {},
          .text = "Printer",
          .reasons = "[]",
          .steps = "[1]",
          .created = at(80'000)};
}

ChargeRow charge_row(const SmallWorld& world, std::int64_t session_id, std::int64_t attribution_id) {
  return {.id = 0,
          .subject = "s" + std::to_string(session_id),
          .customer_id = world.customer_id,
          .contract_id = world.contract_id,
          .template_id = world.template_id,
          .rating_version = 1,
          .seconds = 60,
          .minutes = 10,
          .amount = 250,
          .at = at(10'000),
          .tie = "key",
          .session_id = session_id,
          .voided = false,
          .steps = "[2]",
          .created = at(90'000),
          .parts = {{.session_id = session_id, .attribution_id = attribution_id, .seconds = 60}}};
}

EntryRow entry_row(const ChargeRow& charge) {
  return {.id = 0,
          .contract_id = charge.contract_id,
          .customer_id = charge.customer_id,
          .kind = "consumption",
          .at = charge.at,
          .subject = charge.subject,
          .minutes = -charge.minutes,
          .amount = 0,
          .session_id = charge.session_id,
          .charge_id = charge.id,
          .reverses_entry_id = {},
          .reason = "session",
          .created = at(95'000),
          .lines = {{.kind = "left", .lot = "", .unit = "min", .quantity = -charge.minutes},
                    {.kind = "work", .lot = "", .unit = "min", .quantity = charge.minutes}}};
}

EntryRow grant_row(const SmallWorld& world, std::int64_t minutes) {
  return {.id = 0,
          .contract_id = world.contract_id,
          .customer_id = world.customer_id,
          .kind = "grant",
          .at = at(1),
          .subject = "",
          .minutes = minutes,
          .amount = 0,
          .session_id = {},
          .charge_id = {},
          .reverses_entry_id = {},
          .reason = "bought",
          .created = at(1),
          .lines = {{.kind = "left", .lot = "", .unit = "min", .quantity = minutes},
                    {.kind = "sold", .lot = "", .unit = "min", .quantity = -minutes}}};
}

EntryRow reversal_of(const EntryRow& entry) {
  auto reversal = entry;
  reversal.id = 0;
  reversal.kind = "reversal";
  reversal.minutes = -entry.minutes;
  reversal.reverses_entry_id = entry.id;
  reversal.reason = "under review";
  reversal.created = at(96'000);
  for (auto& line : reversal.lines) line.quantity = -line.quantity;
  return reversal;
}

std::int64_t balance_of(Transaction& t, std::int64_t contract_id) {
  std::int64_t minutes = 0;
  for (const auto& line : must(accounts_of(t, contract_id))) {
    if (line.unit != "min") continue;
    if (line.kind == "left") minutes += line.quantity;
    if (line.kind == "due") minutes -= line.quantity;
  }
  return minutes;
}

MailRow mail_row(std::int64_t customer_id, const std::string& message_id) {
  return {.id = 0,
          .customer_id = customer_id,
          .message_id = message_id,
          .recipient = "it@acme.test",
          .subject = "Your sessions",
          .raw = "Subject: Your sessions\r\n\r\nHello\r\n",
          .state = "composed",
          .attempts = 0,
          .next_try = at(1'000),
          .last_error = "",
          .created = at(900),
          .sent = {}};
}

Posted post_session(Transaction& t, const SmallWorld& world, const std::string& key) {
  Posted posted;
  posted.session_id = must(upsert_session(t, session_row(world, key))).id;
  posted.attribution_id = must(add_attribution(t, attribution_row(world, posted.session_id, "ready")));
  posted.charge = charge_row(world, posted.session_id, posted.attribution_id);
  posted.charge.id = must(add_charge(t, posted.charge));
  posted.entry = entry_row(posted.charge);
  posted.entry.id = must(add_entry(t, posted.entry, "charge"));
  return posted;
}

base::Result<timing::UtcMs> utc_start_of_day(std::chrono::year_month_day day, const std::string& zone) {
  if (zone != "UTC") return base::fail(base::ErrorCode::not_found, "no zone " + zone);
  return timing::UtcMs{std::chrono::sys_days{day}};
}

}  // namespace collector::store
