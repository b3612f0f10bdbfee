// Random customers: what was agreed, bought and worked in the first nine months of 2026.

#pragma once

#include <initializer_list>
#include <random>
#include <string>

#include "tests/collector/ledger/book.h"

namespace collector::ledger {

class Random {
 public:
  explicit Random(unsigned seed) : engine_{seed} {}
  std::int64_t upto(std::int64_t max) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(max + 1));
  }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return *(all.begin() + upto(static_cast<std::int64_t>(all.size()) - 1));
  }
  std::string date() { return day_text(plus_days(day("2026-01-01"), static_cast<int>(upto(300)))); }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

// The same for the same seed.
Book random_book(unsigned seed);

}  // namespace collector::ledger
