// A firm's week, in which every step of the pipeline has something to do: sessions that are seen twice, come
// late or are nobody's; comments with and without tags; what people decide, join, hold and sell; terms of
// every kind; and what only time brings. In stages, so that the pipeline can be killed between any two
// statements of one of them.

#pragma once

#include <string>

#include "tests/collector/actions/desk_office.h"
#include "tests/collector/store/table_dump.h"

namespace collector::pipeline {

class WeekTest : public actions::DeskOffice {
 protected:
  WeekTest() { mail_repeatable_ = true; }

  static constexpr int kStages = 6;
  // What comes in stage 0, 1, ... and how late it is then; the pipeline did not run on it yet.
  void arrive(int stage);

  store::Tables rows() {
    return read([](store::Transaction& t) { return store::dump(t); });
  }

 private:
  void furnish_week();
  void hold(const std::string& key);
  void sell_to(const std::string& customer, std::int64_t quantity);
};

}  // namespace collector::pipeline
