#include "tests/collector/pipeline/office.h"

#include <algorithm>

#include "collector/pipeline/statement.h"
#include "collector/pipeline/steps.h"
#include "collector/store/attributions.h"
#include "collector/store/comments.h"
#include "collector/store/customers.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "collector/store/records.h"
#include "collector/store/terminals.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {

namespace {

void sell(store::Transaction& t, const directory::Contract& contract, std::int64_t minutes,
          timing::UtcMs at) {
  const auto grant = must(ledger::grant(contract.id, at, "min", minutes, "", "bought"));
  must(store::add_entry(t, store::row_of(grant, contract, at), ""));
  must(store::plan_again(t, contract.customer_id, at));
}

class MemoryTransport final : public mail::Transport {
 public:
  explicit MemoryTransport(std::shared_ptr<Inbox> inbox) : inbox_{std::move(inbox)} {}
  mail::Delivery deliver(const mail::Envelope& envelope, std::string_view raw) override {
    inbox_->tried.push_back(envelope);
    auto outcome = mail::Outcome::delivered;
    if (inbox_->unwelcome.contains(envelope.from)) outcome = mail::Outcome::unwelcome;
    if (!inbox_->next.empty()) {
      outcome = inbox_->next.front();
      inbox_->next.pop_front();
    }
    if (outcome == mail::Outcome::delivered) inbox_->mails.emplace_back(raw);
    return {.outcome = outcome, .detail = outcome == mail::Outcome::delivered ? "" : "the server said so"};
  }

 private:
  std::shared_ptr<Inbox> inbox_;
};

struct Customer {
  const char* code;
  const char* address;
  directory::Model model;
  std::string email;
  bool mail_no_charge;
};

void give_terminal(store::Transaction& t, std::int64_t customer_id, const std::string& address,
                   const std::string& description) {
  must(store::upsert_terminal(t, {.id = 0,
                                  .customer_id = customer_id,
                                  .address = address,
                                  .description = description,
                                  .valid_from = {},
                                  .valid_to = {}}));
}

// Without a terminal if `address` is empty. Its number.
std::int64_t customer_with(store::Transaction& t, const std::string& code, const std::string& email,
                           const std::string& address, const std::string& description) {
  const auto customer = must(
      store::upsert_customer(t, {.id = 0, .code = code, .name = code, .email = email, .language = "en"}));
  if (!address.empty()) give_terminal(t, customer.id, address, description);
  return customer.id;
}

void add_standing_customer(store::Transaction& t, const Customer& one) {
  directory::Contract contract;
  contract.customer_id =
      customer_with(t, one.code, one.email, one.address, std::string{one.code} + "'s till");
  contract.name = std::string{one.code} + "'s contract";
  contract.model = one.model;
  contract.template_id = must(store::find_template(t, "standard")).id;
  contract.start_day = std::chrono::year{2026} / 1 / 1;
  contract.mail_no_charge = one.mail_no_charge;
  contract.id = must(store::upsert_contract(t, contract)).id;
  if (one.model == directory::Model::indefinite) return;
  sell(t, contract, 60, at_min(-1));
}

}  // namespace

timing::UtcMs at_s(std::int64_t seconds) {
  return timing::from_rfc3339("2026-11-16T08:00:00Z").value() + std::chrono::seconds{seconds};
}

timing::UtcMs at_min(std::int64_t minutes) {
  return at_s(minutes * 60);
}

agent::session::Snapshot completed(const std::string& key, const std::string& remote_id, timing::UtcMs start,
                                   std::chrono::seconds length) {
  agent::session::Snapshot snapshot;
  snapshot.key = key;
  snapshot.outcome = agent::session::Outcome::completed;
  snapshot.remote_id = remote_id;
  snapshot.requested = start - 2s;
  snapshot.started = start;
  snapshot.ended = start + length;
  snapshot.end_reason = "closed";
  snapshot.source = "ad.trace";
  snapshot.anydesk_id = "410900001";
  return snapshot;
}

agent::session::Snapshot active(const agent::session::Snapshot& completed) {
  auto snapshot = completed;
  snapshot.outcome = agent::session::Outcome::active;
  snapshot.ended = {};
  snapshot.end_reason = "";
  return snapshot;
}

OfficeTest::OfficeTest() {
  settings_.attribution.comment_wait_s = 900;
  settings_.sender_address = "support@desk.example";
  furnish();
}

void OfficeTest::begin_anew() {
  url_ = fresh_url();
  connection_ = must(store::Connection::open(url_));
  must(store::migrate(connection_, store::at(0)));
  clock_ = {};
  next_seq_.clear();
  furnish();
}

void OfficeTest::furnish() {
  write([&](store::Transaction& t) {
    const auto token = must(store::create_token(
        t, {.secret_hash = "secret", .workstation = "anna-pc", .created = at_min(-9), .expires = at_min(9)}));
    auto agent = store::agent_row(token, agent_id_);
    agent.workstation = "anna-pc";
    must(store::enrol(t, agent));
    const auto anna =
        must(store::upsert_technician(t, {.id = 0, .number = 1, .name = "Anna", .email = "", .active = true}))
            .id;
    must(store::upsert_support_point(t, {.id = 0,
                                         .technician_id = anna,
                                         .workstation = "anna-pc",
                                         .anydesk_id = "",
                                         .valid_from = {},
                                         .valid_to = {}}));
    must(store::add_template_version(t, "standard", rating::Rule{}));
    using directory::Model;
    for (const Customer& one : {Customer{"bakery", kBakery, Model::prepaid, "mail@bakery.example", true},
                                Customer{"lawyer", kLawyer, Model::indefinite, "mail@lawyer.example", true},
                                Customer{"silent", kSilent, Model::prepaid, "", true},
                                Customer{"quiet", kQuiet, Model::prepaid, "mail@quiet.example", false}}) {
      add_standing_customer(t, one);
    }
    must(store::bump_directory_version(t));
  });
}

void OfficeTest::receive(const std::vector<agent::session::Snapshot>& facts, std::uint32_t epoch) {
  std::vector<std::string> bodies;
  for (const auto& fact : facts)
    bodies.push_back(agent::seal::fact_of(fact, {.utc = clock_.now, .boot_ms = 1, .utc_offset_min = 120}));
  receive_bodies(bodies, epoch);
}

void OfficeTest::receive_bodies(const std::vector<std::string>& bodies, std::uint32_t epoch) {
  auto& seq = next_seq_[epoch];
  auto batch = store::batch_row(agent_id_, seq + 1);
  batch.epoch = epoch;
  batch.received = clock_.now;
  std::vector<store::NewRecord> records;
  for (const auto& body : bodies)
    records.push_back({.hash = std::to_string(epoch) + " " + std::to_string(++seq), .body = body});
  write([&](store::Transaction& t) { must(store::append_batch(t, batch, records)); });
}

void OfficeTest::comment(const std::string& remote_id, timing::UtcMs start, const std::string& text) {
  write([&](store::Transaction& t) {
    must(store::add_comment(t, {.id = 0,
                                .remote_id = remote_id,
                                .anydesk_id = "",
                                .started = start,
                                .text = text,
                                .source = "import",
                                .imported = clock_.now}));
  });
}

std::int64_t OfficeTest::customer_id(const std::string& code) {
  return read([&](store::Transaction& t) {
    const auto directory = must(store::load_directory(t, store::utc_start_of_day));
    return std::ranges::find(directory.customers, code, &directory::Customer::code)->id;
  });
}

std::int64_t OfficeTest::contract_id(const std::string& customer) {
  const auto owner = customer_id(customer);
  return read([&](store::Transaction& t) {
    const auto directory = must(store::load_directory(t, store::utc_start_of_day));
    return std::ranges::find(directory.contracts, owner, &directory::Contract::customer_id)->id;
  });
}

void OfficeTest::add_terminal(const std::string& customer, const std::string& address) {
  const auto owner = customer_id(customer);
  write([&](store::Transaction& t) {
    give_terminal(t, owner, address, "");
    must(store::bump_directory_version(t));
  });
}

void OfficeTest::grant(const std::string& customer, std::int64_t minutes) {
  const auto id = contract_id(customer);
  write([&](store::Transaction& t) {
    const auto directory = must(store::load_directory(t, store::utc_start_of_day));
    sell(t, *std::ranges::find(directory.contracts, id, &directory::Contract::id), minutes, clock_.now);
  });
}

void OfficeTest::add_customer(const std::string& code, const std::string& address,
                              directory::Contract contract, const std::string& rule) {
  write([&](store::Transaction& t) {
    contract.customer_id = customer_with(t, code, "mail@" + code + ".example", address, "");
    contract.template_id = must(store::find_template(t, rule)).id;
    must(store::upsert_contract(t, contract));
    must(store::bump_directory_version(t));
  });
}

std::vector<std::string> OfficeTest::ledger(const std::string& customer) {
  const auto id = customer_id(customer);
  auto rows = read([&](store::Transaction& t) { return must(store::entries_from(t, id, store::at(0))); });
  std::erase_if(rows, [](const store::StandingEntry& row) {
    return !row.open && row.entry.kind != "grant" && row.entry.kind != "adjustment" &&
           row.entry.kind != "completion";
  });
  std::vector<std::string> all;
  for (const auto& standing : rows) {
    const auto& entry = standing.entry;
    auto text = timing::to_rfc3339(entry.at).substr(0, 16) + " " + entry.kind;
    text[10] = ' ';
    std::string subject = entry.subject;
    if (entry.session_id) {
      const auto session =
          read([&](store::Transaction& t) { return must(store::find_session(t, *entry.session_id)); });
      subject = session.value().session_key;
    }
    text += (subject.empty() ? "" : " " + subject) + ":";
    for (const auto& line : entry.lines) {
      text += (text.back() == ':' ? " " : ", ") + line.kind + " " + std::to_string(line.quantity);
      if (line.unit != "min") text += " " + line.unit;
    }
    all.push_back(std::move(text));
  }
  std::ranges::sort(all);
  return all;
}

std::int64_t OfficeTest::run() {
  Pipeline pipeline{must(store::Connection::open(url_)), settings_, store::utc_start_of_day, clock_};
  const auto rows = must(pipeline.run());
  return has_transport_ ? rows + must(sender().run()) : rows;
}

std::unique_ptr<mail::Transport> OfficeTest::sender_transport() {
  return std::make_unique<MemoryTransport>(inbox_);
}

Sender OfficeTest::sender(const std::string& account) {
  return {must(store::Connection::open(url_)),
          {.account = account,
           .transport = mail_transport_,
           .repeatable = mail_repeatable_,
           .sender_address = settings_.sender_address,
           .mails_per_min = 0},
          sender_transport(),
          clock_};
}

Step OfficeTest::step(bool kill, Step after) {
  const auto due =
      read([&](store::Transaction& t) { return must(next_step(t, settings_, clock_.now, after)); });
  if (due == Step::none) return due;
  const auto done = connection_.transaction([&](store::Transaction& t) -> base::Status {
    const auto directory = must(store::load_directory(t, store::utc_start_of_day));
    const auto now = clock_.now;
    const auto rows = carry_out(due, t, directory, settings_, store::utc_start_of_day, now);
    if (!rows) return std::unexpected{rows.error()};
    return kill ? base::fail(base::ErrorCode::cancelled, "killed") : base::Status{};
  });
  if (!done && !kill) throw std::runtime_error(done.error().message);
  return due;
}

store::OverviewRow OfficeTest::row(const std::string& key) {
  const auto rows = read([](store::Transaction& t) {
    store::SessionFilter all;
    all.limit = 1'000;
    return must(store::session_overview(t, all));
  });
  const auto found =
      std::ranges::find_if(rows, [&](const auto& one) { return one.session.session_key == key; });
  if (found == rows.end()) throw std::runtime_error("no session " + key);
  return *found;
}

std::string OfficeTest::state(const std::string& key) {
  const auto found = row(key);
  std::string text = found.disposition.value_or("none");
  if (found.minutes) text += " " + std::to_string(*found.minutes);
  if (found.disposition == "review") text += " " + found.reasons.value_or("");
  return text;
}

std::int64_t OfficeTest::balance(const std::string& customer) {
  const auto contract = contract_id(customer);
  return read([&](store::Transaction& t) { return store::balance_of(t, contract); });
}

std::vector<std::int64_t> OfficeTest::entries(const std::string& key) {
  const auto id = row(key).session.id;
  std::vector<std::int64_t> minutes;
  for (const auto& entry :
       read([&](store::Transaction& t) { return must(store::entries_of_session(t, id)); }))
    minutes.push_back(entry.minutes);
  return minutes;
}

std::vector<store::MailRow> OfficeTest::mails() {
  auto list = read([](store::Transaction& t) { return must(store::list_mails(t, 100)); });
  std::ranges::reverse(list);
  return list;
}

std::size_t OfficeTest::attributions(const std::string& key) {
  const auto id = row(key).session.id;
  return read([&](store::Transaction& t) { return must(store::attributions_of(t, id)).size(); });
}

Summary OfficeTest::summary() {
  Summary all;
  const auto rows = read([](store::Transaction& t) {
    store::SessionFilter filter;
    filter.limit = 1'000;
    return must(store::session_overview(t, filter));
  });
  for (const auto& one : rows) {
    all.sessions.push_back(one.session.session_key + " " + one.session.outcome + " " +
                           state(one.session.session_key) + " " + one.text.value_or("") + " " +
                           one.contract_name.value_or("") + " " + (one.entry_id ? "posted" : "not posted"));
    for (const auto& item :
         read([&](store::Transaction& t) { return must(store::items_of_session(t, one.session.id)); })) {
      const auto entry =
          read([&](store::Transaction& t) { return must(store::find_entry(t, item.entry_id)); });
      Figures figures;
      add(figures, entry.value());
      all.told.push_back(one.session.session_key + (item.mail_id ? " told " : " waits ") +
                         std::to_string(figures.minutes));
    }
  }
  std::ranges::sort(all.sessions);
  std::ranges::sort(all.told);
  for (const char* code : {"bakery", "lawyer", "silent", "quiet"})
    all.balances.push_back(std::string{code} + " " + std::to_string(balance(code)));
  return all;
}

}  // namespace collector::pipeline
