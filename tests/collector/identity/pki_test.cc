// The folder of the collector's keys, through a whole rotation, cut off between any two files.

#include "collector/identity/pki.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "collector/identity/rotation.h"
#include "common/crypto/secret_file.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::identity {
namespace {

using base::ErrorCode;
using std::chrono::days;
using store::must;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const timing::UtcMs kNow = timing::from_rfc3339("2026-11-16T08:00:00Z").value();

class PkiTest : public testing::Test {
 public:  // For the tables' functions.
  PkiTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    must(make_pki(folder_, {"collector.example", "192.0.2.7", "2001:db8::7"}, kNow));
  }
  ~PkiTest() override { std::filesystem::remove_all(folder_); }

  PkiState state() const { return must(read_pki(folder_)); }
  void go(base::Result<FileChanges> changes) const { must(carry_out(must(std::move(changes)))); }
  void announced() const { go(announce(folder_, kNow + days{1})); }
  void switched() const {
    announced();
    go(switch_over(folder_, kNow + days{2}));
  }

  std::filesystem::path folder_ =
      std::filesystem::path{testing::TempDir()} /
      ("deskledger-pki-" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
};

TEST_F(PkiTest, ARotationFromBeginningToEnd) {
  const auto old = state();
  EXPECT_EQ(old.rotation, Rotation::whole);
  announced();
  auto now = state();
  EXPECT_EQ(now.rotation, Rotation::announced);
  EXPECT_EQ(now.issuing.digest(), old.issuing.digest()) << "the present one goes on issuing";
  ASSERT_EQ(now.others.size(), 1u);
  const auto next = now.others.front();
  EXPECT_NE(next.common_name(), old.issuing.common_name()) << "people tell them apart";
  const auto both = now.digest();
  EXPECT_NE(both, old.digest());

  go(switch_over(folder_, kNow + days{2}));
  now = state();
  EXPECT_EQ(now.rotation, Rotation::switched);
  EXPECT_EQ(now.issuing.digest(), next.digest());
  EXPECT_EQ(now.digest(), both) << "agents need not learn anything";
  EXPECT_TRUE(now.server.is_issued_by(next));
  EXPECT_THAT(now.server.names(), ElementsAre("collector.example", "192.0.2.7", "2001:db8:0:0:0:0:0:7"));
  EXPECT_EQ(now.server.common_name(), "collector.example");
  const auto trust = must(load_trust(folder_));
  EXPECT_EQ(trust->digest, both);
  EXPECT_EQ(trust->authority.certificate().digest(), next.digest());

  go(finish(folder_, kNow + days{9}));
  now = state();
  EXPECT_EQ(now.rotation, Rotation::whole);
  EXPECT_EQ(now.issuing.digest(), next.digest());
  EXPECT_THAT(now.others, IsEmpty());
  must(load_pki(folder_));
}

TEST_F(PkiTest, WhatIsAnnouncedCanBeDropped) {
  const auto old = state();
  announced();
  go(cancel(folder_));
  EXPECT_EQ(state().rotation, Rotation::whole);
  EXPECT_EQ(state().digest(), old.digest());
  EXPECT_FALSE(std::filesystem::exists(pki_files(folder_).next_authority_key));
  announced();
  EXPECT_EQ(state().rotation, Rotation::announced) << "and another one made";
}

TEST_F(PkiTest, EachStepHasItsTurn) {
  const auto refused = [](const base::Result<FileChanges>& changes) {
    return changes ? std::string{"not refused"} : changes.error().message;
  };
  EXPECT_THAT(refused(switch_over(folder_, kNow)), HasSubstr("begin with: ca rotate"));
  EXPECT_THAT(refused(finish(folder_, kNow)), HasSubstr("begin with: ca rotate"));
  EXPECT_THAT(refused(cancel(folder_)), HasSubstr("begin with: ca rotate"));
  announced();
  EXPECT_THAT(refused(announce(folder_, kNow)), HasSubstr("go on with: ca switch"));
  EXPECT_THAT(refused(finish(folder_, kNow)), HasSubstr("go on with: ca switch"));
  go(switch_over(folder_, kNow + days{2}));
  EXPECT_THAT(refused(announce(folder_, kNow)), HasSubstr("go on with: ca finish"));
  EXPECT_THAT(refused(switch_over(folder_, kNow + days{2})), HasSubstr("go on with: ca finish"));
  EXPECT_THAT(refused(cancel(folder_)), HasSubstr("go on with: ca finish"));
}

// After each number of files, with the rest of a file that was being written beside it: the folder serves, an
// agent of the old CA that knows both is let in, and the same command completes the change.
TEST_F(PkiTest, AKillBetweenAnyTwoFilesLeavesAFolderThatServes) {
  using Change = std::function<base::Result<FileChanges>(const std::filesystem::path&)>;
  const struct {
    const char* name;
    std::function<void(PkiTest&)> before;
    Change change;
    Rotation after;
  } rows[] = {
      {"announce", [](PkiTest&) {}, [](auto& f) { return announce(f, kNow + days{1}); }, Rotation::announced},
      {"switch_over", [](PkiTest& t) { t.announced(); },
       [](auto& f) { return switch_over(f, kNow + days{2}); }, Rotation::switched},
      {"finish", [](PkiTest& t) { t.switched(); }, [](auto& f) { return finish(f, kNow + days{9}); },
       Rotation::whole},
      {"cancel", [](PkiTest& t) { t.announced(); }, [](auto& f) { return cancel(f); }, Rotation::whole},
      {"renew_server", [](PkiTest&) {}, [](auto& f) { return renew_server(f, kNow + days{600}); },
       Rotation::whole}};
  for (const auto& row : rows) {
    std::size_t files = 1;
    for (std::size_t cut = 0; cut <= files; ++cut) {
      std::filesystem::remove_all(folder_);
      std::filesystem::create_directories(folder_);
      must(make_pki(folder_, {"localhost"}, kNow));
      row.before(*this);
      const auto changes = must(row.change(folder_));
      files = changes.size();
      ASSERT_GT(files, 0u) << row.name;
      must(carry_out(std::span{changes}.first(cut)));
      if (cut < files) {
        auto half = changes[cut].path;
        half += ".new";
        std::ofstream{half} << "-----BEGIN CERT";
      }
      const auto where = std::string{row.name} + " cut after " + std::to_string(cut);
      ASSERT_TRUE(load_pki(folder_)) << where;
      const auto again = row.change(folder_);
      if (again) {
        ASSERT_TRUE(carry_out(*again)) << where;
      } else {
        EXPECT_EQ(again.error().code, ErrorCode::conflict) << where << ": what is done is said to be done";
      }
      EXPECT_EQ(state().rotation, row.after) << where;
      const auto trust = load_trust(folder_);
      ASSERT_TRUE(trust) << where << ": " << trust.error().message;
      must(keep_server_certificate(folder_, kNow + days{10}));
      EXPECT_TRUE(state().server.is_issued_by(state().issuing)) << where;
    }
  }
}

// Between the first file of the switch and the second the port still shows a certificate of the former CA.
TEST_F(PkiTest, ASwitchThatWasCutOffIsCompletedBeforeItIsFinished) {
  announced();
  const auto changes = must(switch_over(folder_, kNow + days{2}));
  must(carry_out(std::span{changes}.first(1)));
  EXPECT_EQ(state().rotation, Rotation::switched);
  EXPECT_FALSE(state().is_complete());
  auto agent = store::agent_row(1, std::string(16, 'a'));
  agent.revoked = std::nullopt;
  agent.trust_digest = state().digest().bytes();
  agent.held_authority = state().others.front().digest().bytes();
  EXPECT_EQ(left_behind(state(), {agent}).size(), 1u);
  const auto refused = finish(folder_, kNow + days{2});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_THAT(refused.error().message, HasSubstr("complete it with: ca switch"));
  go(switch_over(folder_, kNow + days{3}));
  EXPECT_TRUE(state().is_complete());
  EXPECT_EQ(left_behind(state(), {agent}).size(), 1u);
  go(finish(folder_, kNow + days{9}));
  EXPECT_EQ(state().rotation, Rotation::whole);
}

TEST_F(PkiTest, ThePortsCertificateIsRenewedInItsLastThird) {
  EXPECT_THAT(must(renew_server(folder_, kNow + days{549})), IsEmpty());
  go(renew_server(folder_, kNow + days{551}));
  const auto now = state();
  EXPECT_EQ(now.server.not_after(), kNow + days{551} + crypto::kServerLifetime);
  EXPECT_THAT(now.server.names(), ElementsAre("collector.example", "192.0.2.7", "2001:db8:0:0:0:0:0:7"));
  EXPECT_THAT(must(renew_server(folder_, kNow + days{552})), IsEmpty());
  must(load_pki(folder_));
}

TEST_F(PkiTest, FilesThatDoNotFitAreNamed) {
  const auto files = pki_files(folder_);
  const auto stranger = must(crypto::TlsKey::generate());
  must(stranger.save(files.authority_key));
  const auto read = read_pki(folder_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::corrupt);
  EXPECT_THAT(read.error().message, HasSubstr("restore both from the same backup"));
  std::filesystem::remove(files.authority_certificates);
  EXPECT_EQ(read_pki(folder_).error().code, ErrorCode::not_found);
}

TEST_F(PkiTest, WhoWouldBeShutOut) {
  const auto whole = state();
  announced();
  const auto announced_state = state();
  go(switch_over(folder_, kNow + days{2}));
  const auto switched_state = state();
  const auto only_next = crypto::trust_digest(std::vector{switched_state.issuing});

  // The certificate it was given last is good in every case: what it shows counts.
  const auto agent = [&](const std::string& name, const std::string& trust, const std::string& held) {
    auto row = store::agent_row(1, std::string(16, 'a'));
    row.workstation = name;
    row.revoked = std::nullopt;
    row.trust_digest = trust;
    row.certificate_until = kNow + days{10};
    row.held_authority = held;
    return row;
  };
  const std::string old{whole.digest().bytes()}, both{switched_state.digest().bytes()},
      next{only_next.bytes()};
  const std::string before{whole.issuing.digest().bytes()}, after{switched_state.issuing.digest().bytes()};
  auto gone = agent("gone", old, before);
  gone.revoked = kNow;
  const std::vector<store::AgentRow> agents{agent("ready", both, after),
                                            agent("new", next, after),
                                            agent("knows", both, before),
                                            agent("old", old, before),
                                            agent("silent", "", ""),
                                            agent("unseen", both, ""),
                                            gone};
  const auto names = [](const std::vector<LeftBehind>& left) {
    std::vector<std::string> all;
    for (const auto& one : left) all.push_back(one.agent.workstation);
    return all;
  };
  EXPECT_THAT(left_behind(whole, agents), IsEmpty());
  EXPECT_THAT(names(left_behind(announced_state, agents)), ElementsAre("new", "old", "silent"));
  EXPECT_THAT(names(left_behind(switched_state, agents)), ElementsAre("knows", "old", "silent", "unseen"));
}

}  // namespace
}  // namespace collector::identity
