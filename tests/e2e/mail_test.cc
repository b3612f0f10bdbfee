// The collector as it is served, and a real SMTP server: killed at each step of handing a mail over, and
// stopped while the server says nothing.

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <ostream>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/support/database/fresh_database.h"
#include "tests/support/process/eventually.h"
#include "tests/support/smtp/real_server.h"

namespace e2e {
namespace {

namespace json = boost::json;
using support::Site;
using support::smtp::RealServer;

struct Database {
  const char* name;
  std::string (*fresh_url)();
};

std::ostream& operator<<(std::ostream& out, const Database& database) {
  return out << database.name;
}

class Mail : public testing::TestWithParam<Database> {
 protected:
  Mail() : site_{PROGRAMS, "mail", GetParam().fresh_url()}, server_{site_.folder()} {
    import_firm(site_);
    const auto made = support::read_file(site_.config());
    std::ofstream config{site_.config()};
    for (std::size_t at = 0; at < made.size();) {
      const auto end = made.find('\n', at) + 1;
      const auto line = made.substr(at, end - at);
      at = end;
      if (line.starts_with("transport = ")) {
        config << "transport = \"smtp\"\n";
      } else {
        config << line;
      }
      if (line == "[mail.smtp]\n") {
        config << "host = \"127.0.0.1\"\nport = " << server_.port() << "\nsecurity = \"none\"\n";
      }
    }
  }

  // A session of the customer that a person enters, and its window closed.
  void work(const std::string& customer) {
    const auto added =
        site_.collector({"sessions", "add", "--customer", customer, "--technician", "1", "--start",
                         "2026-11-16 " + std::to_string(10 + works_++) + ":00", "--duration", "5m",
                         "--work-type", "phone", "--comment", "Printer explained"});
    ASSERT_EQ(added.exit_code, 0) << added.err;
    // What is flushed is his: the window of the customer before may still be on its way into a mail.
    ASSERT_TRUE(support::eventually([&] {
      return site_.collector({"mail", "flush", customer}).out.starts_with("1 waiting session will be mailed");
    }));
  }

  std::map<std::string, std::string> states() const {  // By Message-ID.
    std::map<std::string, std::string> all;
    const auto mails = site_.collector_json({"mail", "list"});
    for (const auto& mail : mails.as_array())
      all[std::string{mail.at("message_id").as_string()}] = std::string{mail.at("state").as_string()};
    return all;
  }
  bool settled(std::size_t mails) {
    return support::eventually([&] {
      const auto all = states();
      return all.size() == mails && std::ranges::none_of(all, [](const auto& one) {
               return one.second == "composed" || one.second == "sending";
             });
    });
  }
  void expect_once() {
    std::map<std::string, int> taken;
    for (const auto& mail : server_.kept()) ++taken[mail.message_id];
    for (const auto& [id, state] : states()) {
      EXPECT_THAT(state, testing::AnyOf("sent", "uncertain"));
      EXPECT_LE(taken[id], 1) << id << " is " << state;
      EXPECT_TRUE(state != "sent" || taken[id] == 1) << id;
    }
  }

  Site site_;
  RealServer server_;
  int works_ = 0;
};
INSTANTIATE_TEST_SUITE_P(On, Mail,
                         testing::Values(Database{"sqlite", support::migrated_sqlite_url},
                                         Database{"postgresql", support::migrated_postgres_url}),
                         [](const auto& one) { return std::string{one.param.name}; });

TEST_P(Mail, KilledAtEachStepTellsEverySessionOnceOrSaysSo) {
  site_.start_collector();
  std::size_t mails = 0;
  for (const std::string step : {"greeting", "mail", "rcpt", "within", "kept", "quit"}) {
    SCOPED_TRACE(step);
    server_.behave("stall " + step);
    work("bakery");
    ASSERT_TRUE(server_.reached(step));
    site_.kill_collector();
    server_.behave("");
    site_.start_collector();
    ASSERT_TRUE(settled(++mails));
    expect_once();
  }
  // Whatever was not sent is shown, and a person sends it.
  const auto uncertain = site_.collector_json({"mail", "list", "--state", "uncertain"});
  EXPECT_GE(uncertain.as_array().size(), 4u);
  for (const auto& mail : uncertain.as_array()) {
    const auto id = std::string{mail.at("message_id").as_string()};
    const bool is_there =
        std::ranges::any_of(server_.kept(), [&](const auto& one) { return one.message_id == id; });
    const auto number = std::to_string(mail.at("mail").as_int64());
    EXPECT_EQ(site_.collector({"mail", is_there ? "arrived" : "resend", number}).exit_code, 0);
  }
  ASSERT_TRUE(settled(mails));
  for (const auto& [id, state] : states()) EXPECT_EQ(state, "sent");
  expect_once();
  EXPECT_EQ(server_.kept().size(), mails) << "nothing is lost, nothing came twice";
  site_.stop_collector();
}

TEST_P(Mail, AServerThatSaysNothingKeepsNobodyWaiting) {
  site_.start_collector();
  server_.behave("stall rcpt");
  work("bakery");
  ASSERT_TRUE(server_.reached("rcpt"));
  work("garage");  // Posted and composed meanwhile.
  EXPECT_TRUE(support::eventually([&] { return states().size() == 2; }));
  const auto asked = std::chrono::steady_clock::now();
  site_.stop_collector();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds{5});
  server_.behave("");
  site_.start_collector();
  ASSERT_TRUE(settled(2));
  for (const auto& [id, state] : states()) EXPECT_EQ(state, "sent");
  expect_once();
  site_.stop_collector();
}

TEST_P(Mail, ManyMailsGoOutWhenTheServerComesBack) {
  site_.start_collector();
  server_.behave("close greeting");
  work("bakery");
  EXPECT_TRUE(support::eventually([&] {
    const auto accounts = site_.collector_json({"mail", "status"}).at("accounts").as_array();
    return !accounts.at(0).at("unavailable").is_null();
  }));
  work("garage");
  work("hotel");
  for (const auto& [id, state] : states()) EXPECT_EQ(state, "composed") << "no mail is blamed";
  server_.behave("");
  // The pause may be long by now; who starts the collector anew does not wait for its end.
  site_.stop_collector();
  site_.start_collector();
  ASSERT_TRUE(settled(3));
  for (const auto& [id, state] : states()) EXPECT_EQ(state, "sent");
  expect_once();
  const auto accounts = site_.collector_json({"mail", "status"}).at("accounts").as_array();
  EXPECT_TRUE(accounts.at(0).at("unavailable").is_null());
  site_.stop_collector();
}

}  // namespace
}  // namespace e2e
