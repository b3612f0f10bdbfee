// What both sides prove to each other over time: CAs that change, clocks that are wrong, signed words kept.

#include <map>
#include <sstream>

#include "common/base/hex.h"
#include "common/record/signed_text.h"
#include "tests/agent/uplink/fixture.h"

namespace {

using namespace uplink_tests;
using outbox_tests::bodies;

class Trust : public UplinkTest {
 protected:
  std::vector<crypto::Certificate> trusted() const {
    return agent::identity::load_credentials(folder).value().trusted;
  }
  const crypto::Certificate& old_ca() const { return collector.authority().certificate(); }
  // The collector wants these to be trusted, and says so in the Welcome and in renewals.
  void collector_trusts(const std::vector<crypto::Certificate>& all) {
    collector.change_welcome = [digest = crypto::trust_digest(all)](wire::Welcome& welcome) {
      welcome.set_trust_digest(std::string{digest.bytes()});
    };
    collector.change_renewal = [all](wire::RenewResponse& response) {
      for (const auto& ca : all) response.add_trusted_ca(ca.der());
    };
  }
  support::TestAuthority new_authority;
};

TEST_F(Trust, TheHelloSaysWhatIsSpokenAndWhoIsTrusted) {
  start();
  run_until([&] { return collector.hellos.size() == 1; });
  EXPECT_EQ(collector.hellos[0].protocol(), 1u);
  EXPECT_EQ(collector.hellos[0].trust_digest(), crypto::trust_digest(std::array{old_ca()}).bytes());
}

TEST_F(Trust, AnotherSetOfCasIsTakenAtOnce) {
  const std::vector both{old_ca(), new_authority.certificate()};
  collector_trusts(both);
  append(bodies(0, 3));
  start();
  run_until_arrived(3);
  run_until([&] { return collector.hellos.size() == 2; });
  EXPECT_EQ(collector.renewals, 1);
  EXPECT_EQ(collector.hellos[1].trust_digest(), crypto::trust_digest(both).bytes());
  stop();
  EXPECT_EQ(crypto::trust_digest(trusted()), crypto::trust_digest(both));
}

TEST_F(Trust, ASetThatWouldShutUsOutIsRefusedAndTheRecordsGoOn) {
  const struct {
    const char* what;
    std::function<void(wire::RenewResponse&)> change;
  } rows[] = {
      {"without the CA of this very server",
       [&](wire::RenewResponse& r) { r.add_trusted_ca(new_authority.certificate().der()); }},
      {"rubbish",
       [&](wire::RenewResponse& r) {
         r.add_trusted_ca(old_ca().der());
         r.add_trusted_ca("x");
       }},
      {"too many",
       [&](wire::RenewResponse& r) {
         for (int i = 0; i < 9; ++i) r.add_trusted_ca(old_ca().der());
       }},
      {"a good set with a certificate for somebody else",
       [&](wire::RenewResponse& r) {
         r.add_trusted_ca(old_ca().der());
         r.set_certificate(collector.authority().client(outbox_tests::kAgent.hex()).certificate.der());
       }},
  };
  int sent = 0;
  for (const auto& row : rows) {
    collector_trusts({old_ca(), new_authority.certificate()});
    collector.change_renewal = row.change;
    append(bodies(sent, 1));
    start();
    run_until([&] { return connection().find("the renewed certificate") != std::string::npos; });
    run_until_arrived(static_cast<std::size_t>(++sent));
    stop();
    EXPECT_EQ(crypto::trust_digest(trusted()), crypto::trust_digest(std::array{old_ca()})) << row.what;
    EXPECT_EQ(agent::identity::load_credentials(folder).value().own.digest(), own.certificate.digest())
        << row.what;
  }
}

// Whoever has the server's TLS key and not the key that signs, perhaps with a CA of its own.
TEST_F(Trust, ARenewalThatTheCollectorDidNotSignReplacesNothing) {
  const auto certificate_of = [](const support::TestAuthority& ca, const support::Identity& who) {
    const auto request = crypto::make_certificate_request(who.key).value();
    return ca.client_for(request, outbox_tests::kAgent.hex()).der();
  };
  const auto sign = [](const crypto::SigningKey& key, const record::AgentId& agent,
                       const wire::RenewResponse& r) {
    const std::vector<std::string> named{r.trusted_ca().begin(), r.trusted_ca().end()};
    return key.sign(record::renewed_text(agent, r.certificate(), named));
  };
  const auto stranger = crypto::SigningKey::generate().value();
  const struct {
    const char* what;
    std::function<void(wire::RenewResponse&)> forge;
  } rows[] = {
      {"no signature", [](wire::RenewResponse& r) { r.clear_sig(); }},
      {"rubbish", [](wire::RenewResponse& r) { r.set_sig(std::string(64, 'x')); }},
      {"of another key", [&](wire::RenewResponse& r) { r.set_sig(sign(stranger, outbox_tests::kAgent, r)); }},
      {"for another agent", [&](wire::RenewResponse& r) { r.set_sig(sign(collector.key(), {}, r)); }},
      {"for another set",
       [&](wire::RenewResponse& r) {
         r.clear_trusted_ca();
         r.add_trusted_ca(old_ca().der());
         r.set_sig(sign(collector.key(), outbox_tests::kAgent, r));
         r.add_trusted_ca(new_authority.certificate().der());
       }},
      {"for another certificate",
       [&](wire::RenewResponse& r) {
         const auto forged = r.certificate();
         r.set_certificate(own.certificate.der());
         r.set_sig(sign(collector.key(), outbox_tests::kAgent, r));
         r.set_certificate(forged);
       }},
      {"signed, and of no CA it names",
       [&](wire::RenewResponse& r) {
         r.clear_trusted_ca();
         r.add_trusted_ca(old_ca().der());
         r.set_sig(sign(collector.key(), outbox_tests::kAgent, r));
       }},
  };
  int sent = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    collector_trusts({old_ca(), new_authority.certificate()});
    collector.change_signed_renewal = [&](wire::RenewResponse& response) {
      response.set_certificate(certificate_of(new_authority, own));
      row.forge(response);
    };
    append(bodies(sent, 1));
    start();
    run_until([&] { return connection().find("the renewed certificate") != std::string::npos; });
    run_until_arrived(static_cast<std::size_t>(++sent));
    stop();
    EXPECT_EQ(crypto::trust_digest(trusted()), crypto::trust_digest(std::array{old_ca()}));
    EXPECT_EQ(agent::identity::load_credentials(folder).value().own.digest(), own.certificate.digest());
    ASSERT_TRUE(outbox.set_status("connection", "", {}));
  }
}

// A collector of 0.1 renews without a signature, and names no CAs; what else is named is not taken.
TEST_F(Trust, WithoutASignatureTheCertificateIsTakenAndTheCasStay) {
  collector_trusts({old_ca(), new_authority.certificate()});
  collector.change_signed_renewal = [](wire::RenewResponse& response) { response.clear_sig(); };
  append(bodies(0, 1));
  start();
  run_until_arrived(1);
  run_until([&] { return collector.hellos.size() == 2; });
  stop();
  EXPECT_EQ(crypto::trust_digest(trusted()), crypto::trust_digest(std::array{old_ca()}));
  EXPECT_NE(agent::identity::load_credentials(folder).value().own.digest(), own.certificate.digest());
}

// After a change of the CA the server is of the new one: `ca finish` waits for our certificate.
TEST_F(Trust, ACertificateOfAFormerCaIsRenewedSoonAndOnce) {
  const support::TestAuthority former;
  own.certificate =
      former.client_for(crypto::make_certificate_request(own.key).value(), outbox_tests::kAgent.hex());
  const auto files = agent::identity::files_in(folder);
  ASSERT_TRUE(crypto::write_secret_file(files.tls_certificate, own.certificate.pem()));
  ASSERT_TRUE(crypto::write_secret_file(files.ca_certificate,
                                        crypto::to_pem(std::array{former.certificate(), old_ca()})));
  collector.former = former.certificate();
  // What does not settle it is not asked for again.
  const auto again =
      former.client_for(crypto::make_certificate_request(own.key).value(), outbox_tests::kAgent.hex());
  collector.change_renewal = [&](wire::RenewResponse& response) { response.set_certificate(again.der()); };
  start();
  run_until([&] { return collector.hellos.size() == 2; });
  append(bodies(0, 1));
  run_until_arrived(1);
  EXPECT_EQ(collector.renewals, 1);
  EXPECT_EQ(agent::identity::load_credentials(folder).value().own.digest(), again.digest());
  stop();

  collector.change_renewal = nullptr;
  start();
  run_until([&] { return collector.hellos.size() == 4; });
  append(bodies(1, 1));
  run_until_arrived(2);
  EXPECT_EQ(collector.renewals, 2);
  stop();
  EXPECT_TRUE(agent::identity::load_credentials(folder).value().own.is_issued_by(old_ca()));
}

// A collector whose answer does not bring what its Welcome names is not asked on each connection.
TEST_F(Trust, IsAskedForOnce) {
  collector_trusts({old_ca(), new_authority.certificate()});
  collector.change_renewal = nullptr;
  append(bodies(0, 3));
  start();
  run_until_arrived(3);
  run_until([&] { return collector.hellos.size() == 2; });
  append(bodies(3, 1));
  run_until_arrived(4);
  EXPECT_EQ(collector.renewals, 1);
}

TEST_F(Trust, TheCollectorsClockDecidesWhenToRenew) {
  const auto begin = own.certificate.not_before();
  const auto life = own.certificate.not_after() - begin;
  const struct {
    const char* what;
    timing::UtcMs own_clock;
    timing::UtcMs server;
    int renewals;
  } rows[] = {
      {"ours is ten years ahead", begin + 87'600h, begin + life / 2, 0},
      {"ours is ten years behind", begin - 87'600h, begin + life / 2, 0},
      {"ours is behind, and it is time", begin - 87'600h, begin + life * 3 / 4, 1},
      {"ours is ahead, and it is time", begin + 87'600h, begin + life * 3 / 4, 1},
  };
  int sent = 0;
  for (const auto& row : rows) {
    ASSERT_TRUE(
        crypto::write_secret_file(agent::identity::files_in(folder).tls_certificate, own.certificate.pem()));
    clock.set_utc(row.own_clock);
    collector.renewals = 0;
    collector.change_welcome = [&](wire::Welcome& welcome) {
      // The renewed one has its life before it.
      welcome.set_server_utc_ms(timing::to_ms(collector.renewals == 0 ? row.server : begin + life / 10));
    };
    append(bodies(sent++, 1));
    start();
    run_until_arrived(static_cast<std::size_t>(sent));
    run_until([&] { return collector.renewals == row.renewals; });
    stop();
    EXPECT_EQ(collector.renewals, row.renewals) << row.what;
  }
}

// During a long connection time passes by the clock that never jumps.
TEST_F(Trust, TimeSinceTheWelcomeCounts) {
  const auto begin = own.certificate.not_before();
  const auto life = own.certificate.not_after() - begin;
  options.pace.look = 1ms;
  options.pace.answer = 1'000'000h;
  collector.change_welcome = [&](wire::Welcome& welcome) {
    welcome.set_server_utc_ms(timing::to_ms(begin + life / 10));
  };
  start();
  run_until([&] { return connection().starts_with("connected"); });
  clock.set_utc(begin + 87'600h);
  for (int i = 0; i < 20; ++i) io.run_one();
  EXPECT_EQ(collector.renewals, 0);
  clock.advance(std::chrono::duration_cast<std::chrono::milliseconds>(life * 7 / 10));
  run_until([&] { return collector.renewals > 0; });
}

// The acknowledgement was lost; the next Welcome says the same.
TEST_F(Trust, AWelcomeIsASignedWordToo) {
  append(bodies(0, 3));
  collector.drop_at_frame = 3;
  start();
  run_until_arrived(3);
  stop();
  EXPECT_EQ(collector.batches, 1);
  const auto sig = collector.key().sign(record::ack_text(outbox_tests::kAgent, 1, 3, outbox.chain().head));
  EXPECT_THAT(outbox.status().value().at("proof").value, HasSubstr("epoch=1 seq=3 head="));
  EXPECT_THAT(outbox.status().value().at("proof").value, HasSubstr(" sig=" + base::to_hex(sig)));
}

TEST_F(Trust, TheLastSignedWordIsKept) {
  append(bodies(0, 3));
  start();
  run_until_arrived(3);
  append(bodies(3, 2));
  run_until_arrived(5);
  stop();
  std::map<std::string, std::string> fields;
  std::istringstream words{outbox.status().value().at("proof").value};
  for (std::string word; words >> word;)
    fields[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  EXPECT_EQ(fields["epoch"], "1");
  EXPECT_EQ(fields["seq"], "5");
  EXPECT_EQ(fields["head"], outbox.chain().head.hex());
  EXPECT_EQ(fields["key_id"], collector.key().public_key().id().hex());
  EXPECT_TRUE(crypto::verify(collector.key().public_key(),
                             record::ack_text(outbox_tests::kAgent, 1, 5, outbox.chain().head),
                             base::from_hex(fields["sig"]).value()));
}

}  // namespace
