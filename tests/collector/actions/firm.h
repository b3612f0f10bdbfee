// A database in which one person changes master data.

#pragma once

#include <string>
#include <vector>

#include "collector/actions/customers.h"
#include "collector/store/changes.h"
#include "collector/store/directory.h"
#include "collector/store/session.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::actions {

using base::ErrorCode;
using store::at;
using store::must;
using store::Transaction;

class FirmTest : public store::StoreTest {
 protected:
  Actor actor(std::int64_t now_ms = 1'000, const std::string& why = "") const {
    return {.who = "tess", .why = why, .now = at(now_ms)};
  }

  void add_customer(const std::string& code, const std::string& name) {
    write([&](Transaction& t) {
      must(put_customer(t, actor(), Way::add, {.id = 0, .code = code, .name = name, .email = ""}));
    });
  }

  // "create customer bakery", oldest first.
  std::vector<std::string> noted() {
    std::vector<std::string> words;
    const auto rows = read([](Transaction& t) { return must(store::list_changes(t, {})); });
    for (const auto& row : rows) {
      words.insert(words.begin(), row.change.action + " " + row.change.object + " " + row.change.key);
    }
    return words;
  }
  store::Change newest_change() {
    return read([](Transaction& t) { return must(store::list_changes(t, {.limit = 1})).at(0).change; });
  }
  std::int64_t version() {
    return read([](Transaction& t) { return must(store::directory_version(t)); });
  }
};

#define FIRM_SUITE(name)                                                                                  \
  class name : public FirmTest {};                                                                        \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql), \
                           store::dialect_name)

}  // namespace collector::actions
