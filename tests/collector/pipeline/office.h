// A support firm in a database: one workstation, one technician, a customer with
// bought time and one that is billed later; facts come as sealed bytes, time is
// the test's, and mails end in memory.

#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/seal/fact.h"
#include "collector/mail/transport.h"
#include "collector/pipeline/pipeline.h"
#include "collector/pipeline/send_mails.h"
#include "collector/store/mails.h"
#include "collector/store/overview.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::pipeline {

using namespace std::chrono_literals;
using store::must;

// 2026-11-16 08:00 UTC and so many minutes, or seconds.
timing::UtcMs at_min(std::int64_t minutes);
timing::UtcMs at_s(std::int64_t seconds);

class ManualClock final : public timing::Clock {
 public:
  timing::UtcMs utc() const override { return now; }
  std::int64_t boot_ms() const override { return 0; }
  std::int32_t utc_offset_min() const override { return 0; }
  std::string boot_id() const override { return "boot"; }

  timing::UtcMs now = at_min(0);
};

// What was handed over; outcomes come from `next`, then all is delivered but what comes from somebody
// unwelcome.
struct Inbox {
  std::vector<std::string> mails;
  std::vector<mail::Envelope> tried;
  std::deque<mail::Outcome> next;
  std::set<std::string> unwelcome;
};

constexpr const char* kBakery = "410100201";    // Prepaid 60 min, at least 10 a session, mail@bakery.example.
constexpr const char* kLawyer = "410100301";    // Indefinite, mail@lawyer.example.
constexpr const char* kSilent = "410100401";    // Prepaid, without an e-mail address.
constexpr const char* kQuiet = "410100501";     // Prepaid, wants no mail about sessions without charge.
constexpr const char* kStranger = "410100601";  // Nobody's, until somebody imports it.

// A finished session as the agent's trace reader knows it.
agent::session::Snapshot completed(const std::string& key, const std::string& remote_id, timing::UtcMs start,
                                   std::chrono::seconds length);
agent::session::Snapshot active(const agent::session::Snapshot& completed);

// What every row of the flow says in the end, without ids and times of processing.
struct Summary {
  std::vector<std::string> sessions;
  std::vector<std::string> balances;
  std::vector<std::string> told;
  bool operator==(const Summary&) const = default;
};

class OfficeTest : public store::StoreTest {
 protected:
  OfficeTest();

  // Stores sealed facts, one record each, in a batch of their own.
  void receive(const std::vector<agent::session::Snapshot>& facts, std::uint32_t epoch = 1);
  void receive_bodies(const std::vector<std::string>& bodies, std::uint32_t epoch = 1);
  void comment(const std::string& remote_id, timing::UtcMs start, const std::string& text);
  void add_terminal(const std::string& customer, const std::string& address);
  void grant(const std::string& customer, std::int64_t minutes);
  // A new customer with one terminal and one contract: name, model, terms and days are taken from `contract`.
  void add_customer(const std::string& code, const std::string& address, directory::Contract contract,
                    const std::string& rule = "standard");
  // What stands in the customer's ledgers, in order of time: "2026-11-16 08:00 consumption a: left -10, work
  // 10", with the session's key in place of its number.
  std::vector<std::string> ledger(const std::string& customer);

  // Everything again from an empty database and the first moment on.
  void begin_anew();
  // A new pipeline, as after a restart, until it has nothing to do, and then a new sender.
  std::int64_t run();
  Sender sender(const std::string& account = "default");
  std::unique_ptr<mail::Transport> sender_transport();
  // Runs one step, if one is due, in a transaction that is aborted when `kill`. What it was.
  Step step(bool kill = false, Step after = Step::none);

  // session key -> "ready 10" (disposition, minutes), "none" without attribution.
  std::string state(const std::string& key);
  std::int64_t balance(const std::string& customer);
  // Minutes of all entries of the session's history, in order.
  std::vector<std::int64_t> entries(const std::string& key);
  std::vector<store::MailRow> mails();
  std::size_t attributions(const std::string& key);
  Summary summary();

  std::int64_t customer_id(const std::string& code);
  std::int64_t contract_id(const std::string& customer);
  store::OverviewRow row(const std::string& key);

  std::string agent_id_ = std::string(15, '\0') + '\x01';
  ManualClock clock_;
  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  Settings settings_;
  bool has_transport_ = true;
  std::string mail_transport_ = "memory";
  bool mail_repeatable_ = false;
  std::unique_ptr<Sender> sender_;  // For tests that keep one.

 private:
  void furnish();

  std::map<std::uint32_t, std::int64_t> next_seq_;
};

#define OFFICE_SUITE(name)                                                                                \
  class name : public OfficeTest {};                                                                      \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql), \
                           store::dialect_name)

}  // namespace collector::pipeline
