// Databases of earlier schemas, with data in them, go forward and lose nothing.

#include <string>

#include "collector/store/audit.h"
#include "collector/store/changes.h"
#include "collector/store/customers.h"
#include "collector/store/ledger.h"
#include "collector/store/session.h"
#include "collector/store/sessions.h"
#include "collector/store/terminals.h"
#include "common/base/hex.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

// A version 1 database in use: one session that was charged, one still open, and a gap. Written as literal
// SQL, because today's functions write today's schema.
constexpr const char* kVersion1Data = R"(
INSERT INTO enrolment_token (token_id, secret_hash, workstation, created_ms, expires_ms) VALUES (1, 'aa', 'WS-1', 1, 2);
INSERT INTO agent (agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms)
  VALUES ('00000000000000000000000000000001', 'WS-1', 1, 'bb', 'host', 'debian', '0.1.0', 5);
INSERT INTO batch (batch_id, agent_id, epoch, first_seq, record_count, prev_head, head, key_id, sig, received_ms)
  VALUES (1, '00000000000000000000000000000001', 1, 1, 3, '00', '03', 'cc', 'dd', 100);
INSERT INTO record (record_id, batch_id, agent_id, epoch, seq, hash, body, received_ms) VALUES
  (1, 1, '00000000000000000000000000000001', 1, 1, '01', '0a', 100),
  (2, 1, '00000000000000000000000000000001', 1, 2, '02', '0b', 100),
  (3, 1, '00000000000000000000000000000001', 1, 3, '03', '0c', 100);
INSERT INTO customer (customer_id, code, name, email, language) VALUES (1, 'ACME', 'Acme', '', 'en');
INSERT INTO terminal (terminal_id, customer_id, address, description) VALUES (1, 1, '123456789', 'Server');
INSERT INTO technician (technician_id, number, name, email, active) VALUES (1, 7, 'Ada', '', 1);
INSERT INTO template (template_id, name, version, free_s, first_block_s, grace_s, increment_s, boundary, grace_scope)
  VALUES (1, 'standard', 1, 30, 600, 60, 600, 'start', 'first');
INSERT INTO contract (contract_id, customer_id, name, model, template_id, start_day, time_zone, mail_window_min,
  mail_no_charge) VALUES (1, 1, 'Support', 'prepaid', 1, '2026-01-01', 'UTC', 60, 1);
INSERT INTO session (session_id, agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome, requested_ms,
  started_ms, ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id) VALUES
  (1, '00000000000000000000000000000001', 'done', 'WS-1', '555000111', '123456789', 'desktop', 'completed', 9000, 10000,
   70000, NULL, 'closed', 0, 3, 1),
  (2, '00000000000000000000000000000001', 'open', 'WS-1', '', '', '', 'active', 80000, NULL, NULL, NULL, '', 1, 1, 2);
INSERT INTO session_record VALUES (1, 1), (2, 2);
INSERT INTO gap (gap_id, record_id, agent_id, source, after_offset, bytes_lost_min, cause, observed_ms)
  VALUES (1, 3, '00000000000000000000000000000001', 'ad.trace', 7, 8, 'file_replaced', 30);
INSERT INTO attribution (attribution_id, session_id, session_revision, directory_version, comments_seen_id, disposition,
  technician_id, technician_rule, customer_id, terminal_id, contract_id, no_charge, text, reasons, steps, created_ms)
  VALUES (1, 1, 3, 0, 0, 'ready', 1, 'support_point', 1, 1, 1, 0, 'Printer', '[]', '[]', 80000);
INSERT INTO charge (charge_id, attribution_id, session_id, contract_id, template_id, rating_version, seconds, minutes,
  steps, created_ms) VALUES (1, 1, 1, 1, 1, 1, 60, 10, '[]', 90000);
INSERT INTO entry (entry_id, contract_id, kind, minutes, session_id, charge_id, reason, created_ms)
  VALUES (1, 1, 'consumption', -10, 1, 1, 'session', 95000);
)";

class UpgradeTest : public testing::TestWithParam<Dialect> {
 protected:
  UpgradeTest() {
    must(migrate(connection_, at(0), migrations(GetParam()).first(1)));
    must(connection_.transaction([](Transaction& t) -> base::Status {
      t.session().script(kVersion1Data);
      return {};
    }));
  }

  Connection connection_ = must(Connection::open(
      GetParam() == Dialect::sqlite ? support::fresh_sqlite_url() : support::fresh_postgres_url()));
};
INSTANTIATE_TEST_SUITE_P(On, UpgradeTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         dialect_name);

TEST_P(UpgradeTest, TheFirstSchemaIsTheOneThatWasShipped) {
  const auto& first = migrations(GetParam()).front();
  EXPECT_EQ(first.sha256, GetParam() == Dialect::sqlite
                              ? "3ee0ccb9d8ed5e1a8a63c047294bc3398e128da39bd15c618f827154ebfe3c2e"
                              : "7d92d124f3a97a72f9c575c6c96fa94e6337ee769bd0cda0713f495af4f91755");
}

TEST_P(UpgradeTest, ADatabaseOfVersion1KeepsItsSessionsAndGaps) {
  EXPECT_EQ(must(schema_version(connection_)), 1);
  must(migrate(connection_, at(0)));
  EXPECT_EQ(must(schema_version(connection_)), static_cast<int>(migrations(GetParam()).size()));
  must(connection_.transaction([](Transaction& t) -> base::Status {
    auto row = must(find_session(t, 1)).value();
    EXPECT_EQ(row.session_key, "done");
    EXPECT_EQ(row.ended, at(70'000));
    EXPECT_EQ(row.revision, 3);
    // What a fact without the new fields says.
    const SessionRow plain;
    EXPECT_EQ(row.witness, plain.witness);
    EXPECT_EQ(row.witness, "service");
    EXPECT_EQ(row.doubts, plain.doubts);
    EXPECT_EQ(row.abandon_cause, plain.abandon_cause);
    EXPECT_EQ(row.duration_boot_ms, std::nullopt);
    EXPECT_EQ(row.duration_boot_uncertainty_ms, 0);
    EXPECT_FALSE(row.clock_jumped || row.over_length || row.overnight || row.remote_id_withheld);
    EXPECT_EQ(row.window_pid, 0);
    EXPECT_EQ(row.reconnects, 0);
    EXPECT_EQ(row.boot_id, "");

    row.boot_id = "another run of the machine";
    EXPECT_EQ(must(upsert_session(t, row)).revision, 3) << "the same told again sends no charge round again";
    row.duration_boot_ms = 60'000;
    EXPECT_EQ(must(upsert_session(t, row)).revision, 4);
    EXPECT_EQ(must(find_session(t, 2)).value().outcome, "active");

    const auto gaps = must(list_gaps(t, 10));
    EXPECT_EQ(gaps.size(), 1u);
    EXPECT_EQ(gaps.at(0).source, "ad.trace");
    EXPECT_EQ(gaps.at(0).from, std::nullopt);
    EXPECT_EQ(gaps.at(0).to, std::nullopt);
    EXPECT_EQ(must(entries_of_session(t, 1)).size(), 1u);
    const auto entry = must(find_entry(t, 1)).value();
    EXPECT_EQ(entry.at, at(10'000));
    EXPECT_EQ(entry.subject, "s1");
    const std::vector<LineRow> lines{{.kind = "left", .lot = "", .unit = "min", .quantity = -10},
                                     {.kind = "work", .lot = "", .unit = "min", .quantity = 10}};
    EXPECT_EQ(entry.lines, lines);
    EXPECT_TRUE(must(is_open(t, 1)));
    EXPECT_EQ(balance_of(t, 1), -10);
    const auto charge = must(newest_charge(t, "s1")).value();
    EXPECT_EQ(charge.at, at(10'000));
    EXPECT_EQ(charge.tie, "done");
    EXPECT_EQ(charge.parts.size(), 1u);
    EXPECT_EQ(charge.parts.at(0).attribution_id, 1);
    EXPECT_EQ(must(ledgers_to_plan(t, at(1), 10)).size(), 1u);

    const auto all = must(load_directory(t, utc_start_of_day));
    EXPECT_EQ(all.contracts.at(0).rule, rating::Rule{}) << "the rule it always was";
    EXPECT_EQ(all.contracts.at(0).holiday_calendar, "");
    EXPECT_TRUE(all.calendars.empty());
    return {};
  }));
}

TEST_P(UpgradeTest, ADatabaseOfVersion1KeepsItsMasterData) {
  must(migrate(connection_, at(0)));
  must(connection_.transaction([](Transaction& t) -> base::Status {
    const auto customer = must(find_customer(t, "ACME")).value();
    EXPECT_EQ(customer.name, "Acme");
    EXPECT_EQ(customer.rank + customer.tax_id + customer.city + customer.fax, "");
    EXPECT_TRUE(customer.domains.empty());
    EXPECT_EQ(must(find_technician(t, 7)).value().grade, "");
    const auto terminals = must(terminals_of_address(t, "123456789"));
    EXPECT_EQ(terminals.size(), 1u);
    EXPECT_EQ(terminals.at(0).withdrawn, std::nullopt);
    EXPECT_EQ(must(terminal_addresses_at(t, at(0))).size(), 1u);
    return {};
  }));
}

// The chain of changes knew its newest row alone before.
TEST_P(UpgradeTest, TheChainOfChangesGoesOn) {
  must(migrate(connection_, at(0), migrations(GetParam()).first(8)));
  const std::string hash(64, 'c');
  must(connection_.transaction([&](Transaction& t) -> base::Status {
    for (const char* number : {"1", "2"}) {
      t.session().script("INSERT INTO change VALUES (" + std::string{number} +
                         ", 5, 'mary', 'create', 'customer', 'mill', '', '{}', '', '" +
                         (*number == '2' ? hash : std::string(64, 'b')) + "')");
    }
    return {};
  }));
  must(migrate(connection_, at(0)));
  must(connection_.transaction([&](Transaction& t) -> base::Status {
    const auto state = must(audit_change_state(t)).value();
    EXPECT_EQ(state.number, 2);
    EXPECT_EQ(base::to_hex(state.head), hash);
    EXPECT_EQ(state.logged_number, 0) << "the next step of the log takes it in";
    EXPECT_EQ(must(note_change(t,
                               {.who = "mary",
                                .action = "create",
                                .object = "x",
                                .key = "",
                                .before = "",
                                .after = "",
                                .why = ""},
                               at(6))),
              3);
    return {};
  }));
}

TEST_P(UpgradeTest, WhatWasAppendOnlyStillIs) {
  must(migrate(connection_, at(0)));
  const auto status = connection_.transaction([](Transaction& t) -> base::Status {
    t.session().script("UPDATE gap SET from_utc_ms = 1");
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::ErrorCode::conflict);
}

}  // namespace
}  // namespace collector::store
