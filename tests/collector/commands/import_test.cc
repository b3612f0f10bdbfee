#include "collector/commands/import.h"

#include <boost/json.hpp>

#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
DESK_SUITE(ImportCommandTest);

TEST_P(ImportCommandTest, WhatItSays) {
  const auto import = [&](std::vector<std::string> files, bool preview = false, bool as_json = false) {
    return ran([&](auto& out, auto& err) {
      return run_import({.config = config(), .files = files, .preview = preview, .json = as_json}, out, err);
    });
  };
  const auto good = file("c.csv", "code,name,email,language\nbakery,Old Mill,,\nlaw,Law,,\n");
  auto done = import({good}, true);
  EXPECT_EQ(done.code, 0);
  EXPECT_EQ(done.out, "customers: 2 new, 0 changed, 0 as before\nThis was a preview: nothing was changed.\n");
  EXPECT_EQ(import({good}).out, "customers: 2 new, 0 changed, 0 as before\n");
  EXPECT_EQ(import({good}).out, "customers: 0 new, 0 changed, 2 as before\n");

  const auto bad = file("t.csv", "number,name,email,active\nx,,,yes\n");
  done = import({good, bad});
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.out, "");
  EXPECT_EQ(done.err, bad + ":2: number 'x' is no whole number from 1 to 999999\n" + bad +
                          ":2: name is empty\ndeskledger-collector: nothing was imported: 2 problems\n");
  const auto value = json::parse(import({bad}, false, true).out);
  EXPECT_EQ(value.at("committed"), false);
  EXPECT_EQ(value.at("problems").at(0).at("line"), 2);

  EXPECT_EQ(import({folder_ / "none.csv"}).code, 1);
  EXPECT_NE(import({folder_.string()}).err.find("it is a folder"), std::string::npos);
  EXPECT_NE(import({file("empty.csv", "")}).err.find("the file is empty"), std::string::npos);
}

TEST(ImportColumns, EveryKindIsShown) {
  std::ostringstream out;
  EXPECT_EQ(print_import_columns(out), 0);
  for (const char* kind : {"# technicians", "# customers", "# terminals", "# support_points", "# templates",
                           "# contracts", "# comments"}) {
    EXPECT_NE(out.str().find(kind), std::string::npos) << kind;
  }
}

}  // namespace
}  // namespace collector::commands
