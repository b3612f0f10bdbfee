// Certificates: renewed in time, and never replaced by one that would shut us out.

#include "tests/agent/uplink/fixture.h"

namespace {

using namespace uplink_tests;
using outbox_tests::bodies;

class Renewal : public UplinkTest {
 protected:
  crypto::Digest kept() const { return agent::identity::load_credentials(folder).value().own.digest(); }
  void set_age(double part) {
    const auto life = own.certificate.not_after() - own.certificate.not_before();
    clock.set_utc(own.certificate.not_before() + std::chrono::milliseconds{static_cast<std::int64_t>(
                                                     static_cast<double>(life.count()) * part)});
  }
};

TEST_F(Renewal, NotBeforeTwoThirdsOfItsLife) {
  set_age(0.66);
  append(bodies(0, 1));
  start();
  run_until_arrived(1);
  EXPECT_EQ(collector.renewals, 0);
  EXPECT_EQ(kept(), own.certificate.digest());
}

TEST_F(Renewal, AtTwoThirdsOfItsLife) {
  set_age(0.72);  // With all the jitter there is.
  append(bodies(0, 1));
  start();
  run_until([&] { return kept() != own.certificate.digest(); });
  // The next connection has the new one, which is as old by the standing clock: once is enough to see.
  set_age(0.1);
  run_until_arrived(1);
  EXPECT_EQ(arrived(), bodies(0, 1));
  EXPECT_GE(collector.connections, 2);
}

TEST_F(Renewal, InTheMiddleOfALongConnection) {
  options.pace.look = 1ms;
  append(bodies(0, 1));
  start();
  run_until_arrived(1);
  ASSERT_EQ(collector.renewals, 0);
  set_age(0.72);
  run_until([&] { return collector.renewals > 0; });
  set_age(0.1);
  run_until([&] { return kept() != own.certificate.digest(); });
  append(bodies(1, 1));
  run_until_arrived(2);
}

TEST_F(Renewal, FirstIfTheCollectorSaysSo) {
  append(bodies(0, 3));
  collector.change_welcome = [&](wire::Welcome& welcome) {
    if (collector.renewals == 0) welcome.set_outcome(wire::Welcome::RENEW_FIRST);
  };
  start();
  run_until_arrived(3);
  EXPECT_EQ(collector.renewals, 1);
  EXPECT_EQ(collector.connections, 2);
  EXPECT_NE(kept(), own.certificate.digest());
  EXPECT_EQ(arrived(), bodies(0, 3));
}

TEST_F(Renewal, NoBatchTravelsBeforeIt) {
  append(bodies(0, 3));
  collector.change_welcome = [](wire::Welcome& welcome) { welcome.set_outcome(wire::Welcome::RENEW_FIRST); };
  collector.change_renewal = [](wire::RenewResponse& response) {
    response.set_accepted(false);
    response.set_detail("too late");
  };
  options.pace.longest_wait = 1h;
  start();
  run_until(
      [&] { return connection().find("did not renew the certificate: too late") != std::string::npos; });
  EXPECT_EQ(collector.batches, 0);
  EXPECT_EQ(kept(), own.certificate.digest());
}

TEST_F(Renewal, RefusedWhileTheOldOneIsGoodHoldsNothingUp) {
  set_age(0.8);
  append(bodies(0, 3));
  collector.change_renewal = [](wire::RenewResponse& response) { response.set_accepted(false); };
  start();
  run_until_arrived(3);
  EXPECT_EQ(collector.renewals, 1);
  stop();
  start();
  append(bodies(3, 1));
  run_until_arrived(4);
  EXPECT_EQ(collector.renewals, 2) << "a new run asks again";
}

TEST_F(Renewal, OneThatDoesNotFitIsNotKept) {
  const struct {
    const char* what;
    std::function<void(wire::RenewResponse&)> change;
  } rows[] = {
      {"rubbish", [](wire::RenewResponse& r) { r.set_certificate("x"); }},
      {"none", [](wire::RenewResponse& r) { r.clear_certificate(); }},
      {"for another key",
       [&](wire::RenewResponse& r) {
         r.set_certificate(collector.authority().client(outbox_tests::kAgent.hex()).certificate.der());
       }},
      {"for another agent",
       [&](wire::RenewResponse& r) {
         const auto request = crypto::make_certificate_request(own.key).value();
         r.set_certificate(collector.authority().client_for(request, std::string(32, '0')).der());
       }},
  };
  set_age(0.8);
  for (const auto& row : rows) {
    collector.change_renewal = row.change;
    start();
    run_until([&] { return connection().find("the renewed certificate") != std::string::npos; });
    stop();
    EXPECT_EQ(kept(), own.certificate.digest()) << row.what;
    ASSERT_TRUE(outbox.set_status("connection", "", {}));
  }
}

}  // namespace
