// An agent that must know which remote IDs are registered asks, and is told digests.

#include "collector/net/terminals.h"

#include <algorithm>

#include "collector/store/customers.h"
#include "collector/store/session.h"
#include "collector/store/terminals.h"
#include "common/record/limits.h"
#include "common/record/terminal_digest.h"
#include "tests/collector/net/harbour.h"

namespace collector::net {
namespace {

HARBOUR_SUITE(TerminalsTest);

wire::Frame asking(std::uint64_t known_version) {
  wire::Frame frame;
  frame.mutable_terminals_request()->set_known_version(known_version);
  return frame;
}

bool is_signed(const TerminalsTest& t, const Caller& caller, const wire::Terminals& told) {
  const std::vector<std::uint64_t> digests{told.id_digests().begin(), told.id_digests().end()};
  const record::TerminalsText text{.agent = caller.id,
                                   .version = told.version(),
                                   .unchanged = told.unchanged(),
                                   .too_many = told.too_many(),
                                   .digests = digests};
  return crypto::verify(t.acknowledgement_.public_key(), record::terminals_text(text), told.sig());
}

bool names(const wire::Terminals& told, const std::string& id) {
  return std::ranges::binary_search(told.id_digests(), record::terminal_digest(id));
}

std::int64_t add_customer(store::Transaction& tx) {
  directory::Customer customer;
  customer.code = "ACME";
  customer.name = "Acme";
  return must(store::upsert_customer(tx, customer)).id;
}

directory::Terminal terminal(std::int64_t customer_id, const std::string& address) {
  directory::Terminal row;
  row.customer_id = customer_id;
  row.address = address;
  return row;
}

TEST_P(TerminalsTest, TellsWhatIsRegisteredNowAndNothingTwice) {
  const auto anna = make_caller(1);
  const auto now = timing::system_clock().utc();
  const auto acme = write([&](store::Transaction& tx) {
    const auto customer = add_customer(tx);
    must(store::upsert_terminal(tx, terminal(customer, "123456789")));
    must(store::upsert_terminal(tx, terminal(customer, "desk@ad")));
    auto former = terminal(customer, "111111111");
    former.valid_to = now - std::chrono::hours{1};
    must(store::upsert_terminal(tx, former));
    auto coming = terminal(customer, "222222222");
    coming.valid_from = now + std::chrono::hours{1};
    must(store::upsert_terminal(tx, coming));
    auto present = terminal(customer, "333333333");
    present.valid_from = now - std::chrono::hours{1};
    present.valid_to = now + std::chrono::hours{1};
    must(store::upsert_terminal(tx, present));
    return customer;
  });
  converse([](TerminalsTest& t, const Caller& caller, std::int64_t customer) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    const auto first = co_await ask(*dialled.socket, asking(0));
    if (!first) throw std::runtime_error("no answer");
    const auto& told = first->terminals();
    EXPECT_FALSE(told.unchanged());
    EXPECT_NE(told.version(), 0u);
    EXPECT_EQ(told.id_digests_size(), 3);
    EXPECT_TRUE(is_signed(t, caller, told));
    EXPECT_TRUE(names(told, "123 456 789"));
    EXPECT_TRUE(names(told, "Desk@ad"));
    EXPECT_TRUE(names(told, "333333333"));
    EXPECT_FALSE(names(told, "111111111"));

    const auto again = co_await ask(*dialled.socket, asking(told.version()));
    EXPECT_TRUE(again->terminals().unchanged());
    EXPECT_TRUE(is_signed(t, caller, again->terminals()));
    EXPECT_EQ(again->terminals().version(), told.version());
    EXPECT_EQ(again->terminals().id_digests_size(), 0);

    t.write(
        [&](store::Transaction& tx) { must(store::upsert_terminal(tx, terminal(customer, "444444444"))); });
    const auto changed = co_await ask(*dialled.socket, asking(told.version()));
    EXPECT_FALSE(changed->terminals().unchanged());
    EXPECT_EQ(changed->terminals().id_digests_size(), 4);

    // Between batches, as renewals are.
    const auto stored = co_await ask(*dialled.socket, batch(caller, 1, record::kChainStart, "one"));
    EXPECT_EQ(stored->ack().outcome(), wire::Ack::ACCEPTED);
    dialled.socket->abort();
  }(*this, anna, acme));
}

TEST_P(TerminalsTest, AnEmptyDirectoryHasAListToo) {
  const auto anna = make_caller(1);
  converse([](TerminalsTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    const auto first = co_await ask(*dialled.socket, asking(0));
    if (!first) throw std::runtime_error("no answer");
    EXPECT_FALSE(first->terminals().unchanged());
    EXPECT_EQ(first->terminals().id_digests_size(), 0);
    const auto again = co_await ask(*dialled.socket, asking(first->terminals().version()));
    EXPECT_TRUE(again->terminals().unchanged());
    dialled.socket->abort();
  }(*this, anna));
}

TEST_P(TerminalsTest, WhoIsExpiredOrRevokedIsNotTold) {
  const auto anna = make_caller(1, std::chrono::seconds{60});
  const auto ben = make_caller(2);
  converse([](TerminalsTest& t, const Caller& expired, const Caller& revoked) -> awaitable<void> {
    auto dialled = co_await t.hello(expired);
    const auto refused = co_await ask(*dialled.socket, asking(0));
    EXPECT_FALSE(refused);
    auto second = co_await t.hello(revoked);
    t.revoke(revoked);
    const auto told = co_await ask(*second.socket, asking(0));
    EXPECT_FALSE(told);
  }(*this, anna, ben));
}

TEST_P(TerminalsTest, TooManyAreNotToldAndAPersonSeesIt) {
  const auto anna = make_caller(1);
  write([](store::Transaction& tx) {
    const auto customer = std::to_string(add_customer(tx));
    const auto last = std::to_string(record::kTerminalsMax + 1);
    tx.session().script(
        "INSERT INTO terminal (customer_id, address, description) "
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        last + ") SELECT " + customer + ", CAST(i AS TEXT), '' FROM n");
  });
  converse([](TerminalsTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    const auto told = co_await ask(*dialled.socket, asking(0));
    if (!told) throw std::runtime_error("no answer");
    EXPECT_TRUE(told->terminals().too_many());
    EXPECT_TRUE(is_signed(t, caller, told->terminals()));
    dialled.socket->abort();
  }(*this, anna));
  EXPECT_EQ(counted("terminals_too_many"), 1);
}

TEST(TellTerminals, OneAddressInSeveralSpellingsIsOne) {
  const auto told = tell_terminals({"123456789", "123 456 789", "Desk@AD", "desk@ad"}, 0);
  EXPECT_EQ(told.id_digests_size(), 2);
  EXPECT_EQ(tell_terminals({"desk@ad", "123456789"}, told.version()).unchanged(), true);
}

TEST(TellTerminals, TheLongestListFitsIntoAMessageAndALongerOneIsNotTold) {
  std::vector<std::string> addresses;
  for (std::size_t i = 0; i < record::kTerminalsMax; ++i)
    addresses.push_back(std::to_string(100'000'000 + i));
  wire::Frame frame;
  *frame.mutable_terminals() = tell_terminals(addresses, 0);
  EXPECT_EQ(static_cast<std::size_t>(frame.terminals().id_digests_size()), record::kTerminalsMax);
  EXPECT_LT(frame.ByteSizeLong(), websocket::Limits{}.message_bytes_max);

  addresses.push_back("999999999");
  for (const std::uint64_t known : {std::uint64_t{0}, frame.terminals().version()}) {
    const auto none = tell_terminals(addresses, known);
    EXPECT_TRUE(none.too_many());
    EXPECT_FALSE(none.unchanged());
    EXPECT_EQ(none.version(), 0u);
    EXPECT_EQ(none.id_digests_size(), 0);
  }
}

}  // namespace
}  // namespace collector::net
