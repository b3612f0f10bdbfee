// Enrolment against a stand-in over loopback: what is accepted is kept, everything else leaves no identity.

#include "agent/identity/enroll.h"

#include <gmock/gmock.h>

#ifndef _WIN32
#include <unistd.h>
#endif

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/net/co_test.h"
#include "tests/support/net/stand_in_collector.h"

namespace {

using namespace agent::identity;
using base::ErrorCode;
using support::net::awaitable;
using testing::HasSubstr;
namespace wire = deskledger::v1;
using Response = wire::EnrollResponse;

class Enroll : public testing::Test {
 protected:
  Enroll() {
    folder = std::filesystem::path{testing::TempDir()} /
             ("enroll_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()}) /
             "data";
    std::filesystem::remove_all(folder.parent_path());
  }
  ~Enroll() override { std::filesystem::remove_all(folder.parent_path()); }

  EnrollOptions options() {
    return {.directory = folder,
            .host = "127.0.0.1",
            .port = collector.port(),
            .token = crypto::EnrollToken::generate(collector.authority().certificate().digest()).value(),
            .hostname = "desk",
            .os = "Debian",
            .agent_version = "1.0"};
  }
  base::Result<Identity> try_to(EnrollOptions how) {
    return support::run(io, [](Enroll& t, EnrollOptions o) -> awaitable<base::Result<Identity>> {
      async::TaskGroup group{t.io.get_executor(),
                             [](const std::exception_ptr&) { FAIL() << "a task crashed"; }};
      group.spawn(t.collector.run());
      auto result = co_await enroll(std::move(o));
      co_await group.stop();
      co_return result;
    }(*this, std::move(how)));
  }
  // The accepting answer, changed.
  void answer_with(std::function<void(Response&)> change) {
    collector.enroll = [this, change](const wire::EnrollRequest& request) {
      wire::Frame frame;
      *frame.mutable_enroll_response() = collector.accept(request);
      change(*frame.mutable_enroll_response());
      return frame.SerializeAsString();
    };
  }
  void expect_nothing_left() {
    EXPECT_FALSE(std::filesystem::exists(files_in(folder).identity));
    EXPECT_EQ(load(folder).error().code, ErrorCode::not_found);
    EXPECT_FALSE(std::filesystem::exists(enrolling_folder(folder)));
  }

  boost::asio::io_context io;
  support::StandInCollector collector{io};
  std::filesystem::path folder;
};

TEST_F(Enroll, BecomesAnIdentity) {
  wire::EnrollRequest seen;
  collector.enroll = [&](const wire::EnrollRequest& request) {
    seen = request;
    wire::Frame frame;
    *frame.mutable_enroll_response() = collector.accept(request);
    return frame.SerializeAsString();
  };
  const auto how = options();
  const auto enrolled = try_to(how);
  ASSERT_TRUE(enrolled) << enrolled.error().message;
  EXPECT_EQ(seen.token_secret(), how.token.secret);
  EXPECT_EQ(seen.hostname() + seen.os() + seen.agent_version(), "deskDebian1.0");
  const auto loaded = load(folder).value();
  EXPECT_EQ(loaded.agent_id, collector.agent);
  EXPECT_EQ(loaded.epoch, 0u) << "no outbox yet";
  EXPECT_EQ(loaded.workstation, "WS-07");
  EXPECT_EQ(loaded.collector_host, "127.0.0.1");
  EXPECT_EQ(loaded.collector_port, collector.port());
  EXPECT_EQ(loaded.collector_key, collector.key().public_key());
  const auto credentials = load_credentials(folder);
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->own.common_name(), collector.agent.hex());
  EXPECT_EQ(credentials->record_key.public_key(), collector.record_key);
#ifndef _WIN32  // There the access list counts, which secret_file_test.cc looks at.
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
#endif

  // A second time nothing is asked and nothing changed.
  const auto again = try_to(options());
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  EXPECT_THAT(again.error().message, HasSubstr("enrolled already"));
  EXPECT_EQ(collector.connections, 1);
  EXPECT_EQ(load(folder).value().agent_id, collector.agent);
}

TEST_F(Enroll, EachRefusalIsTold) {
  for (const auto outcome : {Response::UNKNOWN_TOKEN, Response::EXPIRED_TOKEN, Response::USED_TOKEN,
                             Response::BAD_REQUEST, Response::OUTCOME_UNSPECIFIED}) {
    answer_with([&](Response& response) {
      response.set_outcome(outcome);
      response.set_detail("because of \x1b[31m" + Response::Outcome_Name(outcome));
    });
    const auto refused = try_to(options());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::permission_denied);
    EXPECT_EQ(refused.error().message,
              "the collector refused: because of  [31m" + Response::Outcome_Name(outcome));
    expect_nothing_left();
  }
}

TEST_F(Enroll, AnAnswerThatDoesNotFitIsRefused) {
  const support::TestAuthority other;
  const struct {
    const char* what;
    std::function<void(Response&)> change;
    ErrorCode code;
  } rows[] = {
      {"no agent id", [](Response& r) { r.clear_agent_id(); }, ErrorCode::invalid_argument},
      {"another agent's id", [](Response& r) { r.set_agent_id(std::string(16, 'x')); }, ErrorCode::corrupt},
      {"no certificate", [](Response& r) { r.clear_certificate(); }, ErrorCode::corrupt},
      {"a certificate for another key",
       [&](Response& r) {
         r.set_certificate(collector.authority().client(collector.agent.hex()).certificate.der());
       },
       ErrorCode::corrupt},
      {"no CA", [](Response& r) { r.clear_ca_certificate(); }, ErrorCode::corrupt},
      {"another CA", [&](Response& r) { r.set_ca_certificate(other.certificate().der()); },
       ErrorCode::permission_denied},
      {"no key", [](Response& r) { r.clear_collector_public_key(); }, ErrorCode::invalid_argument},
  };
  for (const auto& row : rows) {
    answer_with(row.change);
    const auto refused = try_to(options());
    ASSERT_FALSE(refused) << row.what;
    EXPECT_EQ(refused.error().code, row.code) << row.what << ": " << refused.error().message;
    expect_nothing_left();
  }
  collector.enroll = nullptr;
  EXPECT_TRUE(try_to(options())) << "what the failures left is no hindrance";
}

TEST_F(Enroll, WhatIsNoAnswerIsRefused) {
  wire::Frame welcome;
  welcome.mutable_welcome();
  for (const std::string& bytes :
       {std::string{"\xff\xff"}, std::string{"rubbish"}, std::string{}, welcome.SerializeAsString()}) {
    collector.enroll = [&](const wire::EnrollRequest&) { return bytes; };
    const auto refused = try_to(options());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::corrupt) << refused.error().message;
    expect_nothing_left();
  }
}

TEST_F(Enroll, AConnectionThatBreaksLeavesNoIdentity) {
  for (int frame = 0; frame < 2; ++frame) {
    collector.frames = 0;
    collector.drop_at_frame = frame;
    const auto failed = try_to(options());
    ASSERT_FALSE(failed) << frame;
    EXPECT_EQ(load(folder).error().code, ErrorCode::not_found);
  }
}

// The collector may have enrolled the keys of a question whose answer never came.
TEST_F(Enroll, AfterALostAnswerTheSameTokenAsksWithTheSameKeys) {
  std::vector<std::string> keys;
  auto outcome = Response::ACCEPTED;
  collector.enroll = [&](const wire::EnrollRequest& request) {
    keys.push_back(request.record_public_key());
    wire::Frame frame;
    *frame.mutable_enroll_response() = collector.accept(request);
    frame.mutable_enroll_response()->set_outcome(outcome);
    return frame.SerializeAsString();
  };
  const auto how = options();
  collector.drop_at_frame = 1;
  EXPECT_THAT(try_to(how).error().message, HasSubstr("run this again with the same token"));
  collector.drop_at_frame = -1;
  auto nowhere = how;
  nowhere.token = crypto::EnrollToken::generate(support::TestAuthority{}.certificate().digest()).value();
  nowhere.token.secret = how.token.secret;
  EXPECT_FALSE(try_to(nowhere)) << "a try that does not get through keeps them";
  outcome = Response::TOO_MANY;
  EXPECT_FALSE(try_to(how)) << "so does one that is to come again";
  outcome = Response::ACCEPTED;
  const auto enrolled = try_to(how);
  ASSERT_TRUE(enrolled) << enrolled.error().message;
  EXPECT_EQ(keys, std::vector<std::string>(3, keys[0])) << "lost, later, accepted";
  EXPECT_EQ(load_credentials(folder).value().record_key.public_key().bytes(), keys[0]);
  EXPECT_FALSE(std::filesystem::exists(enrolling_folder(folder)));
}

TEST_F(Enroll, AnotherTokenAsksWithKeysOfItsOwn) {
  std::vector<std::string> keys;
  collector.enroll = [&](const wire::EnrollRequest& request) {
    keys.push_back(request.record_public_key());
    wire::Frame frame;
    *frame.mutable_enroll_response() = collector.accept(request);
    return frame.SerializeAsString();
  };
  collector.drop_at_frame = 1;
  EXPECT_FALSE(try_to(options()));
  collector.drop_at_frame = -1;
  ASSERT_TRUE(try_to(options()));
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_NE(keys[0], keys[1]) << "the collector knows the first ones by another token";
}

TEST_F(Enroll, AnotherCaThanTheTokensIsNotTrusted) {
  auto how = options();
  how.token = crypto::EnrollToken::generate(support::TestAuthority{}.certificate().digest()).value();
  const auto refused = try_to(std::move(how));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("not from the collector's CA"));
  EXPECT_EQ(collector.frames, 0) << "the token's secret is told to nobody";
  expect_nothing_left();
}

TEST_F(Enroll, AFolderThatCannotBeWrittenIsFoundBeforeTheTokenIsSpent) {
  std::filesystem::create_directories(folder.parent_path());
  std::ofstream{folder} << "a file";
  EXPECT_FALSE(try_to(options()));
  std::filesystem::remove(folder);
  std::filesystem::create_directories(folder);
#ifndef _WIN32
  if (::geteuid() != 0) {
    std::filesystem::permissions(folder.parent_path(), std::filesystem::perms::owner_read);
    EXPECT_THAT(try_to(options()).error().message, HasSubstr("Run this as root"));
    std::filesystem::permissions(folder.parent_path(), std::filesystem::perms::owner_all);
  }
#endif
  EXPECT_EQ(collector.connections, 0);
}

TEST_F(Enroll, AFolderWithWideRightsIsNarrowed) {
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::all);
  ASSERT_TRUE(try_to(options()));
#ifndef _WIN32  // There the access list counts, which secret_file_test.cc looks at.
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
#endif
  EXPECT_FALSE(std::filesystem::exists(enrolling_folder(folder))) << "nothing is left of the making";
}

TEST_F(Enroll, AllCasTheCollectorNamesAreTrusted) {
  const support::TestAuthority next;
  answer_with([&](Response& r) {
    r.add_trusted_ca(collector.authority().certificate().der());
    r.add_trusted_ca(next.certificate().der());
  });
  ASSERT_TRUE(try_to(options()));
  const auto trusted = load_credentials(folder).value().trusted;
  ASSERT_EQ(trusted.size(), 2u);
  EXPECT_EQ(trusted[0].digest(), collector.authority().certificate().digest());
  EXPECT_EQ(trusted[1].digest(), next.certificate().digest());
}

TEST_F(Enroll, ReplacesWhatIsThereOnceTheNewOneIsComplete) {
  ASSERT_TRUE(try_to(options()));
  const auto former = load_credentials(folder).value().record_key.public_key();
  auto how = options();
  how.replace = true;
  answer_with([](Response& r) {
    r.set_outcome(Response::EXPIRED_TOKEN);
    r.set_detail("too late");
  });
  EXPECT_FALSE(try_to(how));
  EXPECT_EQ(load_credentials(folder).value().record_key.public_key(), former) << "a refusal changes nothing";
  collector.enroll = nullptr;
  collector.agent.value[0] = 'n';
  ASSERT_TRUE(try_to(how));
  EXPECT_EQ(load(folder).value().agent_id, collector.agent);
  EXPECT_NE(load_credentials(folder).value().record_key.public_key(), former);
}

// The power goes between any two of the files that are moved: what is loaded next is the whole new enrolment.
TEST_F(Enroll, AMoveThatWasCutOffIsCompleted) {
  const auto second = folder.parent_path() / "second";
  ASSERT_TRUE(try_to(options()));
  auto how = options();
  how.directory = second;
  collector.agent.value[0] = 'n';
  ASSERT_TRUE(try_to(how));
  const auto complete = files_in(second);
  for (int moved = 0; moved <= 5; ++moved) {
    const auto place = folder.parent_path() / ("place" + std::to_string(moved));
    std::filesystem::copy(folder, place);
    std::filesystem::copy(second, enrolling_folder(place));
    const auto from = files_in(enrolling_folder(place)), to = files_in(place);
    if (moved > 0) std::filesystem::remove(to.identity);
    const std::filesystem::path Files::* order[] = {&Files::record_key, &Files::tls_key,
                                                    &Files::tls_certificate, &Files::ca_certificate};
    for (int i = 0; i + 1 < moved; ++i) std::filesystem::rename(from.*order[i], to.*order[i]);
    EXPECT_EQ(load(place).value().agent_id, collector.agent) << moved;
    EXPECT_EQ(load_credentials(place).value().own.digest(),
              crypto::Certificate::load(complete.tls_certificate).value().digest())
        << moved;
    EXPECT_FALSE(std::filesystem::exists(enrolling_folder(place))) << moved;
  }
}

// Status, doctor and a running agent find a complete enrolment in the same moment: whoever comes second must
// not take away what the first has placed.
TEST_F(Enroll, ManyProgramsAtOncePutItInPlace) {
  ASSERT_TRUE(try_to(options()));
  constexpr int kRounds = 50, kPrograms = 6;
  const auto complete = folder.parent_path() / "complete";
  std::filesystem::copy(folder, complete);
  for (int round = 0; round < kRounds; ++round) {
    std::filesystem::copy(complete, enrolling_folder(folder), std::filesystem::copy_options::recursive);
    std::array<base::Result<Identity>, kPrograms> found;
    std::vector<std::thread> programs;
    for (auto& one : found) programs.emplace_back([&] { one = load(folder); });
    for (auto& program : programs) program.join();
    for (const auto& one : found) ASSERT_TRUE(one) << round << ": " << one.error().message;
    ASSERT_TRUE(load_credentials(folder)) << round;
  }
}

TEST_F(Enroll, EveryFailureNamesItsMend) {
  auto nobody = options();
  {
    boost::asio::io_context other;
    nobody.port = boost::asio::ip::tcp::acceptor{other, {boost::asio::ip::address_v4::loopback(), 0}}
                      .local_endpoint()
                      .port();
  }
  EXPECT_THAT(try_to(nobody).error().message,
              AllOf(HasSubstr("connection refused"), HasSubstr("Check HOST and PORT"),
                    HasSubstr("can still be used")));
  auto stranger = options();
  stranger.token = crypto::EnrollToken::generate(support::TestAuthority{}.certificate().digest()).value();
  EXPECT_THAT(try_to(stranger).error().message, HasSubstr("ask for a new token if the collector or its CA"));
  collector.frames = 0;
  collector.drop_at_frame = 1;
  EXPECT_THAT(try_to(options()).error().message, HasSubstr("answer was lost: run this again"));
  collector.drop_at_frame = -1;
  ASSERT_TRUE(try_to(options()));
  EXPECT_THAT(try_to(options()).error().message, HasSubstr("add --replace"));
}

}  // namespace
