// The support firm of the pipeline's tests, with a person at its desk.

#pragma once

#include <set>

#include "collector/actions/review.h"
#include "collector/actions/series.h"
#include "collector/actions/session_change.h"
#include "collector/store/session.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::actions {

using namespace std::chrono_literals;
using pipeline::at_min;
using pipeline::completed;
using pipeline::kBakery;
using pipeline::kLawyer;
using pipeline::kQuiet;
using pipeline::kStranger;
using store::must;

class DeskOffice : public pipeline::OfficeTest {
 protected:
  Actor mary(const std::string& why = "asked by phone") {
    return {.who = "mary", .why = why, .now = clock_.now};
  }
  std::int64_t id(const std::string& key) { return row(key).session.id; }

  // A session with its comment, through the pipeline.
  void worked(const std::string& key, const std::string& remote_id, std::int64_t minute,
              std::chrono::seconds length, const std::string& text) {
    receive({completed(key, remote_id, at_min(minute), length)});
    comment(remote_id, at_min(minute), text);
    clock_.now = std::max(clock_.now, at_min(minute) + length + 1min);
    run();
  }

  // Decides, without running the pipeline.
  void change(const std::string& key, const SessionChange& what, const std::string& why = "asked by phone") {
    const auto session = id(key);
    write([&](store::Transaction& t) {
      must(change_session(t, mary(why), session, what, store::utc_start_of_day));
    });
  }
  void release(const std::string& key) {
    const auto session = id(key);
    write([&](store::Transaction& t) { must(release_session(t, mary(), session)); });
  }
  std::int64_t join(const std::vector<std::string>& keys) {
    std::vector<std::int64_t> ids;
    for (const auto& key : keys) ids.push_back(id(key));
    return write([&](store::Transaction& t) { return must(join_series(t, mary(), ids)); });
  }
  void bill(const std::string& key) {
    const auto session = id(key);
    write([&](store::Transaction& t) {
      t.session().script("INSERT INTO billed_session VALUES (" + std::to_string(session) + ", 'INV-7', 1)");
    });
  }
};

#define DESK_OFFICE_SUITE(name)                                                                           \
  class name : public DeskOffice {};                                                                      \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql), \
                           store::dialect_name)

}  // namespace collector::actions
