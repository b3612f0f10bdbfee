#include "tests/collector/ledger/random_book.h"

namespace collector::ledger {

using directory::Exhaustion;
using directory::Model;
using directory::Period;

Book random_book(unsigned seed) {
  Random random{seed};
  Book book;
  book.now = moment("2026-12-01");
  const auto contracts = 1 + random.upto(3);
  for (std::int64_t id = 1; id <= contracts; ++id) {
    const auto model = random.one_of({Model::prepaid, Model::prepaid, Model::prepaid_money, Model::indefinite,
                                      Model::hourly, Model::flat_fee});
    auto one = random.upto(1) == 0 ? contract(id, model, "2026-01-01")
                                   : contract(id, model, "2026-01-01", "2026-09-30");
    one.terms.exhaustion =
        random.one_of({Exhaustion::negative, Exhaustion::split, Exhaustion::next, Exhaustion::hold});
    one.terms.period = random.one_of({Period::none, Period::month, Period::quarter});
    if (model != Model::prepaid_money) one.terms.included_min = random.one_of<std::int64_t>({0, 0, 45});
    one.terms.roll_over_min = random.one_of<std::optional<std::int64_t>>({0, 20, std::nullopt});
    one.terms.fee = random.one_of<std::int64_t>({0, 5'000});
    one.terms.overage_per_hour = random.one_of<std::int64_t>({0, 9'000});
    book.contracts.push_back(one);
  }
  for (auto n = random.upto(6); n > 0; --n) {
    const auto id = 1 + random.upto(contracts - 1);
    const auto model = book.of(id).model;
    if (model != Model::prepaid && model != Model::prepaid_money) continue;
    const auto first = random.date();
    const auto quantity = 1 + random.upto(model == Model::prepaid ? 200 : 20'000);
    if (random.upto(1) == 0) {
      book.grant(id, first, quantity);
    } else {
      book.grant(id, first, quantity, first,
                 day_text(plus_days(day(first), static_cast<int>(random.upto(90)))));
    }
  }
  for (auto n = random.upto(25); n > 0; --n) {
    // Of the contracts that end in September none is chosen later.
    const auto at = day_text(plus_days(day("2026-01-01"), static_cast<int>(random.upto(270)))) + " 1" +
                    std::to_string(random.upto(9)) + ":00";
    book.charge(1 + random.upto(contracts - 1), at, random.one_of<std::int64_t>({0, 10, 20, 50, 130}));
  }
  return book;
}

}  // namespace collector::ledger
