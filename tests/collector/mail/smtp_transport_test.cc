#include "collector/mail/smtp_transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/support/smtp/smtp_server.h"

namespace collector::mail {
namespace {

using support::smtp::Behaviour;
using support::smtp::SmtpServer;

const Envelope kEnvelope{.message_id = "m1@x", .from = "support@example.org", .to = {"it@acme.example"}};

SmtpOptions to_port(std::uint16_t port) {
  SmtpOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.tls = Tls::none;
  options.ehlo_name = "collector.example.org";
  options.answer_timeout = std::chrono::seconds{5};
  return options;
}

Delivery deliver(SmtpOptions options, std::string_view raw, const Envelope& envelope = kEnvelope) {
  auto transport = SmtpTransport::make(std::move(options));
  EXPECT_TRUE(transport);
  return transport->deliver(envelope, raw);
}

bool saw(const SmtpServer& server, std::string_view start) {
  return std::ranges::any_of(server.commands(), [&](const auto& line) { return line.starts_with(start); });
}

struct Row {
  Behaviour behaviour;
  Outcome outcome;
  std::size_t kept;  // Mails the server has afterwards.
  std::string_view detail;
};

TEST(SmtpTransport, EveryEndingHasItsOutcome) {
  constexpr Row kRows[] = {
      {Behaviour::accept, Outcome::delivered, 1, "250 taken"},
      {Behaviour::refuse_greeting, Outcome::unavailable, 0, "554"},
      {Behaviour::refuse_recipient, Outcome::refused, 0, "550 no such user"},
      {Behaviour::refuse_mail, Outcome::refused, 0, "554 looks like spam"},
      {Behaviour::busy_recipient, Outcome::retry, 0, "451 greylisted"},
      {Behaviour::busy_mail, Outcome::retry, 0, "451 disk full"},
      {Behaviour::demand_login, Outcome::unavailable, 0, "530 log in first"},
      {Behaviour::drop_at_greeting, Outcome::unavailable, 0, ""},
      {Behaviour::drop_before_data, Outcome::retry, 0, ""},
      {Behaviour::drop_before_reply, Outcome::uncertain, 1, ""},
      {Behaviour::drop_after_reply, Outcome::delivered, 1, "250 taken"},
  };
  for (const auto& row : kRows) {
    SmtpServer server{row.behaviour};
    const auto delivery = deliver(to_port(server.port()), "Subject: x\r\n\r\nhello\r\n");
    EXPECT_EQ(to_string(delivery.outcome), to_string(row.outcome))
        << "behaviour " << static_cast<int>(row.behaviour) << ": " << delivery.detail;
    EXPECT_NE(delivery.detail.find(row.detail), std::string::npos) << delivery.detail;
    EXPECT_EQ(server.received().size(), row.kept) << "behaviour " << static_cast<int>(row.behaviour);
  }
}

TEST(SmtpTransport, LosingTheServerInTheMiddleOfABigMailMeansRetry) {
  // Larger than any buffer between the two, so that the last byte cannot have been passed on.
  SmtpServer server{Behaviour::drop_within_data};
  std::string raw;
  while (raw.size() < 32 * 1024 * 1024) raw += std::string(76, 'x') + "\r\n";
  EXPECT_EQ(deliver(to_port(server.port()), raw).outcome, Outcome::retry);
}

TEST(SmtpTransport, AServerThatFallsSilentAfterTheMailIsUncertain) {
  SmtpServer server{Behaviour::silent_after_mail};
  auto options = to_port(server.port());
  options.total_timeout = std::chrono::milliseconds{300};
  options.final_timeout = std::chrono::milliseconds{300};
  EXPECT_EQ(deliver(options, "Subject: x\r\n\r\nhello\r\n").outcome, Outcome::uncertain);
}

// What the mail's own limit is for: filters take their time, and a copy must not go out meanwhile.
TEST(SmtpTransport, TheAnswerToTheMailIsWaitedForLongerThanAnyOther) {
  SmtpServer server{Behaviour::silent_after_mail};
  auto options = to_port(server.port());
  options.answer_timeout = std::chrono::milliseconds{200};
  options.total_timeout = std::chrono::milliseconds{400};
  options.final_timeout = std::chrono::milliseconds{2'500};
  const auto begun = std::chrono::steady_clock::now();
  const auto delivery = deliver(options, "Subject: x\r\n\r\nhello\r\n");
  EXPECT_EQ(delivery.outcome, Outcome::uncertain) << delivery.detail;
  EXPECT_GE(std::chrono::steady_clock::now() - begun, options.final_timeout);
}

TEST(SmtpTransport, EveryOtherAnswerIsWaitedForNoLongerThanIsSaid) {
  SmtpServer server{Behaviour::silent_recipient};
  auto options = to_port(server.port());
  options.answer_timeout = std::chrono::milliseconds{200};
  options.final_timeout = std::chrono::seconds{60};
  const auto begun = std::chrono::steady_clock::now();
  const auto delivery = deliver(options, "Subject: x\r\n\r\nhello\r\n");
  EXPECT_EQ(delivery.outcome, Outcome::retry) << delivery.detail;
  EXPECT_NE(delivery.detail.find("no answer within"), std::string::npos) << delivery.detail;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{8});
}

TEST(SmtpTransport, NobodyListeningBlamesNoMail) {
  std::uint16_t port = 0;
  {
    const SmtpServer gone{Behaviour::accept};
    port = gone.port();
  }
  EXPECT_EQ(deliver(to_port(port), "x").outcome, Outcome::unavailable);
}

TEST(SmtpTransport, TheMailArrivesByteForByte) {
  SmtpServer server{Behaviour::accept};
  const std::string raw = "Subject: x\r\n\r\n.\r\n..\r\n.dot\r\nlast\r\n.\r\n";
  auto envelope = kEnvelope;
  envelope.to.emplace_back("partner@b.example");
  EXPECT_EQ(deliver(to_port(server.port()), raw, envelope).outcome, Outcome::delivered);
  const auto received = server.received();
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].raw, raw);
  EXPECT_EQ(received[0].from, kEnvelope.from);
  EXPECT_EQ(received[0].to, envelope.to);
  EXPECT_EQ(server.commands().front(), "EHLO collector.example.org");
}

TEST(SmtpTransport, WithoutStarttlsNothingOfTheMailIsShown) {
  SmtpServer server{Behaviour::accept};
  auto options = to_port(server.port());
  options.tls = Tls::starttls;
  EXPECT_EQ(deliver(options, "x").outcome, Outcome::unavailable);
  EXPECT_FALSE(saw(server, "MAIL"));
}

TEST(SmtpTransport, AServerThatSpeaksNoTlsBlamesNoMail) {
  SmtpServer server{Behaviour::accept};
  auto options = to_port(server.port());
  options.tls = Tls::tls;
  options.total_timeout = std::chrono::milliseconds{1000};
  options.final_timeout = std::chrono::milliseconds{1000};
  EXPECT_EQ(deliver(options, "x").outcome, Outcome::unavailable);
  EXPECT_FALSE(saw(server, "MAIL"));
}

TEST(SmtpTransport, LogsInAndKeepsThePasswordToItself) {
  const auto file = testing::TempDir() + "smtp_password";
  std::ofstream{file} << "sesame-7\n";
  for (const auto behaviour : {Behaviour::accept_login, Behaviour::refuse_login}) {
    SmtpServer server{behaviour};
    auto options = to_port(server.port());
    options.user = "robot";
    options.secret_file = file;
    const auto delivery = deliver(options, "Subject: x\r\n\r\n");
    EXPECT_EQ(delivery.outcome,
              behaviour == Behaviour::accept_login ? Outcome::delivered : Outcome::unavailable);
    EXPECT_EQ(delivery.detail.find("sesame"), std::string::npos);
    EXPECT_TRUE(saw(server, "AHJvYm90AHNlc2FtZS03")) << "base64 of NUL robot NUL sesame-7";
  }
  std::filesystem::remove(file);
}

TEST(SmtpTransport, APasswordFileThatIsNotThereBlamesNoMail) {
  SmtpServer server{Behaviour::accept_login};
  auto options = to_port(server.port());
  options.user = "robot";
  options.secret_file = testing::TempDir() + "no_such_password";
  EXPECT_EQ(deliver(options, "x").outcome, Outcome::unavailable);
  EXPECT_TRUE(server.commands().empty());
}

TEST(SmtpTransport, AnAddressThatCarriesACommandIsRefused) {
  SmtpServer server{Behaviour::accept};
  for (const auto* bad : {"a@b>\r\nRCPT TO:<x@y", "", "a b@c", "a@b\n"}) {
    auto envelope = kEnvelope;
    envelope.to = {bad};
    EXPECT_EQ(deliver(to_port(server.port()), "x", envelope).outcome, Outcome::refused) << bad;
    envelope = kEnvelope;
    envelope.from = bad;
    EXPECT_EQ(deliver(to_port(server.port()), "x", envelope).outcome, Outcome::refused) << bad;
  }
  EXPECT_TRUE(server.commands().empty());
}

TEST(SmtpTransport, OptionsThatCannotWorkAreRefused) {
  const auto made = [](auto change) {
    auto options = to_port(25);
    change(options);
    return SmtpTransport::make(options).has_value();
  };
  EXPECT_TRUE(made([](SmtpOptions&) {}));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.host = ""; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.host = "a/b"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.host = "user@a"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.port = 0; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.ehlo_name = "a b"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.user = "robot"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) {
    o.host = "mail.example.org";
    o.user = "robot";
    o.secret_file = "p";
  }));
}

}  // namespace
}  // namespace collector::mail
