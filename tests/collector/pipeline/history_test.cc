// Random histories: whatever agents and people did, and whenever the pipeline ran, the books add up.

#include <algorithm>
#include <map>
#include <random>

#include "collector/actions/contracts.h"
#include "collector/ledger/entry.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "tests/collector/pipeline/week.h"

namespace collector::pipeline {
namespace {

using directory::Exhaustion;
using directory::Model;
using directory::Period;
using std::chrono::year;

constexpr std::array kCodes{"garage", "mill", "dock", "yard", "bank"};
constexpr std::array kAddresses{"510000001", "510000002", "510000003", "510000004", "510000005"};

class PipelineHistoryTest : public WeekTest {
 protected:
  std::int64_t upto(std::int64_t max) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(max + 1));
  }
  std::string one_of(const std::vector<std::string>& all) {
    return all[static_cast<std::size_t>(upto(std::ssize(all) - 1))];
  }

  static directory::Contract terms(const std::string& name, Model model,
                                   Exhaustion policy = Exhaustion::negative) {
    directory::Contract one;
    one.name = name;
    one.model = model;
    one.terms.exhaustion = policy;
    one.terms.overage_per_hour = model == Model::hourly ? 0 : 6'000;
    one.start_day = year{2026} / 11 / 1;
    return one;
  }

  void furnish_firms() {
    write([](store::Transaction& t) {
      rating::Rule rule;
      rule.round_group = rating::RoundGroup::day;
      rule.rate_per_hour = 9'000;
      rule.base_fee = 250;
      rule.bands = {{.name = "Late", .weekdays = 0x7F, .from_min = 600, .to_min = 1'440, .weight = 1'500}};
      must(store::add_template_version(t, "by day", rule));
    });
    auto garage = terms("Terms", Model::prepaid, Exhaustion::split);
    garage.terms.period = Period::month;
    garage.terms.included_min = 15;
    garage.terms.roll_over_min = 10;
    auto mill = terms("Terms", Model::flat_fee);
    mill.terms.period = Period::month;
    mill.terms.fee = 9'900;
    mill.terms.included_min = 20;
    auto first = terms("First", Model::prepaid, Exhaustion::next);
    first.end_day = year{2026} / 12 / 31;
    add_customer("garage", kAddresses[0], garage);
    add_customer("mill", kAddresses[1], mill);
    add_customer("dock", kAddresses[2], terms("Terms", Model::prepaid, Exhaustion::hold));
    add_customer("yard", kAddresses[3], first);
    add_customer("yard", "", terms("Second", Model::indefinite));
    add_customer("bank", kAddresses[4], terms("Terms", Model::hourly), "by day");
  }

  // What a person tried; whether it is allowed depends on what happened before.
  template <class Work>
  void tried(Work work) {
    const auto done = connection_.transaction([&](store::Transaction& t) -> base::Status {
      const auto result = work(t);
      if (!result) return std::unexpected{result.error()};
      return {};
    });
    if (done) {
      ++accepted_;
      return;
    }
    EXPECT_TRUE(done.error().code == base::ErrorCode::conflict ||
                done.error().code == base::ErrorCode::invalid_argument)
        << done.error().message;
  }

  void something_happens() {
    const auto who = static_cast<std::size_t>(upto(4));
    const auto minute = upto(40) * 30;
    const auto key = "k" + std::to_string(who) + "x" + std::to_string(minute);
    const auto known = [&] { return known_[static_cast<std::size_t>(upto(std::ssize(known_) - 1))]; };
    const auto some = known_.empty() ? 0 : known();
    switch (upto(known_.empty() ? 6 : 11)) {
      case 0:
      case 1:
      case 2: {
        const auto one = completed(key, kAddresses[who], at_min(minute), 20s + 1min * upto(50));
        if (sessions_.insert(key).second) receive({one});
        break;
      }
      case 3:
      case 4:
      case 5:
        comment(kAddresses[who], at_min(minute),
                one_of({"Work", "1, Work", "Work {25}", "Work #", "Work ~", "Work # {5}", "{0} Work"}));
        break;
      case 6: sell_something(who); break;
      case 7:
        tried([&](store::Transaction& t) {
          return actions::change_session(t, mary(), some, {.minutes = upto(90)}, store::utc_start_of_day);
        });
        break;
      case 8:
        tried([&](store::Transaction& t) {
          return actions::change_session(t, mary(), some, {.reset = {"charge"}}, store::utc_start_of_day);
        });
        break;
      case 9: tried([&](store::Transaction& t) { return actions::release_session(t, mary(), some); }); break;
      case 10:
        tried([&](store::Transaction& t) { return actions::join_series(t, mary(), {some, known()}); });
        break;
      default: tried([&](store::Transaction& t) { return actions::hold_session(t, mary(), some); }); break;
    }
  }

  void sell_something(std::size_t who) {
    const auto id = contract_id(kCodes[who]);
    const auto all =
        read([](store::Transaction& t) { return must(store::load_directory(t, store::utc_start_of_day)); });
    const auto& one = *std::ranges::find(all.contracts, id, &directory::Contract::id);
    tried([&](store::Transaction& t) {
      return upto(1) == 0
                 ? actions::sell(t, mary(), one, {.quantity = 10 + upto(60)}, store::utc_start_of_day)
                 : actions::adjust(t, mary(), one, one.model == Model::hourly ? "EUR" : "min", upto(40) - 20);
    });
  }

  void the_pipeline_runs() {
    run();
    known_.clear();
    store::SessionFilter all;
    all.limit = 1'000;
    for (const auto& row : read([&](store::Transaction& t) { return must(store::session_overview(t, all)); }))
      known_.push_back(row.session.id);
  }

  // Of each contract: its entries can be a ledger, the accounts hold what its lines sum to, and what people
  // look at is the sum of what its entries say.
  void expect_sums() {
    const auto all =
        read([](store::Transaction& t) { return must(store::load_directory(t, store::utc_start_of_day)); });
    for (const char* code : kCodes) {
      const auto customer = customer_id(code);
      const auto standing =
          read([&](store::Transaction& t) { return must(store::entries_from(t, customer, store::at(0))); });
      std::map<std::int64_t, std::vector<ledger::Entry>> books;
      std::map<std::int64_t, std::int64_t> minutes;
      std::map<std::string, std::int64_t> on_the_books;
      for (const auto& [row, open, billed] : standing) {
        const auto entry = must(store::entry_of(row));
        const auto& contract = *std::ranges::find(all.contracts, row.contract_id, &directory::Contract::id);
        EXPECT_EQ(row.minutes, ledger::figure(contract.model, entry, "min"));
        EXPECT_EQ(row.amount, ledger::figure(contract.model, entry, contract.terms.currency));
        minutes[row.contract_id] += row.minutes;
        if (open && row.charge_id && row.kind == "hold") on_the_books[row.subject] = -1;
        if (open && row.charge_id && row.kind != "hold")
          on_the_books[row.subject] += ledger::sum_of(entry, ledger::AccountKind::work, "min");
        books[row.contract_id].push_back(entry);
      }
      for (const auto& [id, entries] : books) {
        const auto sound = ledger::check(entries);
        EXPECT_TRUE(sound) << sound.error().message;
        auto accounts = read([&](store::Transaction& t) { return must(store::accounts_of(t, id)); });
        std::erase_if(accounts, [](const store::LineRow& line) { return line.quantity == 0; });
        auto summed = must(ledger::balances(entries));
        std::erase_if(summed, [](const ledger::Line& line) { return line.quantity == 0; });
        std::vector<ledger::Line> held;
        const auto model = std::ranges::find(all.contracts, id, &directory::Contract::id)->model;
        std::int64_t balance = 0;
        for (const auto& account : accounts) {
          held.push_back(must(store::line_of(account)));
          if (account.unit != "min") continue;
          if (model == Model::prepaid && account.kind == "left") balance += account.quantity;
          if (model != Model::prepaid && account.kind == "due") balance -= account.quantity;
        }
        EXPECT_EQ(minutes[id], balance);
        const auto by_account = [](const ledger::Line& line) { return line.account; };
        std::ranges::sort(held, {}, by_account);
        std::ranges::sort(summed, {}, by_account);
        EXPECT_EQ(held, summed);
      }
      for (const auto& charge : read(
               [&](store::Transaction& t) { return must(store::charges_from(t, customer, store::at(0))); })) {
        ASSERT_TRUE(on_the_books.contains(charge.subject)) << charge.subject;
        if (on_the_books[charge.subject] >= 0) {
          EXPECT_EQ(on_the_books[charge.subject], charge.minutes);
        }
      }
    }
  }

  // Worked out again from the first day on, nothing is another.
  void expect_nothing_new() {
    // Of which moments it is kept what was known depends on what was planned when.
    const auto all_but_kept = [&] {
      auto all = rows();
      all.erase("notice_state");
      return all;
    };
    const auto before = all_but_kept();
    write([&](store::Transaction& t) {
      const auto all = must(store::load_directory(t, store::utc_start_of_day));
      for (const auto& customer : all.customers) must(store::plan_again(t, customer.id, store::at(0)));
    });
    run();
    EXPECT_EQ(store::difference(before, all_but_kept()), "");
  }

  std::mt19937_64 random_;
  std::set<std::string> sessions_;
  std::vector<std::int64_t> known_;
  int accepted_ = 0;
};
INSTANTIATE_TEST_SUITE_P(On, PipelineHistoryTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineHistoryTest, TheBooksAddUp) {
  for (unsigned seed = 0; seed < (GetParam() == store::Dialect::sqlite ? 6U : 2U); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_.seed(seed);
    if (seed > 0) begin_anew();
    sessions_.clear();
    known_.clear();
    furnish_firms();
    clock_.now = at_min(1'300);
    for (int n = 0; n < 90; ++n) {
      something_happens();
      if (upto(5) > 0) continue;
      clock_.now += 1min * upto(n < 60 ? 30 : 20'000);
      the_pipeline_runs();
      expect_sums();
      ASSERT_FALSE(HasFailure()) << "after " << n << " of them";
    }
    clock_.now += 24h * 90;
    the_pipeline_runs();
    expect_sums();
    expect_nothing_new();
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(accepted_, 40);
}

}  // namespace
}  // namespace collector::pipeline
