#include "collector/mail/read_back.h"

#include <gtest/gtest.h>

namespace collector::mail {
namespace {

// As Postfix writes them, with `fields` of the recipient and `returned` behind.
std::string report(const std::string& fields, const std::string& returned) {
  std::string text =
      "From: MAILER-DAEMON@mx.example (Mail Delivery System)\n"
      "Subject: Undelivered Mail Returned to Sender\n"
      "To: support@desk.example\n"
      "MIME-Version: 1.0\n"
      "Content-Type: multipart/report; report-type=delivery-status;\n"
      "\tboundary=\"B.1\"\n"
      "\n"
      "--B.1\n"
      "Content-Type: text/plain; charset=us-ascii\n"
      "\n"
      "I am sorry.\n"
      "\n"
      "--B.1\n"
      "Content-Type: message/delivery-status\n"
      "\n"
      "Reporting-MTA: dns; mx.example\n"
      "Arrival-Date: Mon, 16 Nov 2026 11:05:00 +0000 (UTC)\n"
      "\n" +
      fields + "\n--B.1\n" + returned + "\n--B.1--\n";
  std::string crlf;
  for (const char c : text) crlf += c == '\n' ? std::string{"\r\n"} : std::string{c};
  return crlf;
}

const std::string kFailed =
    "Final-Recipient: rfc822; anna@mill.example\n"
    "Original-Recipient: rfc822;desk@mill.example\n"
    "Action: Failed\n"
    "Status: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <anna@mill.example>: Recipient address\n"
    "    rejected: no such user\n";
const std::string kWhole =
    "Content-Type: message/rfc822\n\nMessage-Id: <sessions.1@desk.example>\nSubject: x\n\nhello\n";

TEST(Dsn, SaysWhichMailDidNotArriveAndWhy) {
  const auto dsn = dsn_of(report(kFailed, kWhole));
  ASSERT_TRUE(dsn) << dsn.error().message;
  EXPECT_EQ(dsn->message_id, "sessions.1@desk.example");
  ASSERT_EQ(dsn->recipients.size(), 1u);
  EXPECT_EQ(dsn->recipients[0].address, "desk@mill.example") << "as we gave it";
  EXPECT_EQ(dsn->recipients[0].action, "failed");
  EXPECT_EQ(dsn->recipients[0].status, "5.1.1");
  EXPECT_EQ(dsn->recipients[0].diagnostic,
            "550 5.1.1 <anna@mill.example>: Recipient address rejected: no such user");
}

TEST(Dsn, TheHeadersOfTheMailAreEnough) {
  const auto dsn = dsn_of(report(
      kFailed, "Content-Type: text/rfc822-headers\n\nMessage-Id: <sessions.2@desk.example>\nSubject: x\n"));
  ASSERT_TRUE(dsn);
  EXPECT_EQ(dsn->message_id, "sessions.2@desk.example");
}

TEST(Dsn, WithoutTheMailTheRecipientIsKnown) {
  const auto dsn =
      dsn_of(report("Final-Recipient: rfc822; anna@mill.example\nAction: delayed\nStatus: 4.4.1\n\n"
                    "Final-Recipient: rfc822; boss@mill.example\nAction: failed\n",
                    "Content-Type: text/plain\n\nnothing\n"));
  ASSERT_TRUE(dsn);
  EXPECT_EQ(dsn->message_id, "");
  ASSERT_EQ(dsn->recipients.size(), 2u);
  EXPECT_EQ(dsn->recipients[0].address, "anna@mill.example");
  EXPECT_EQ(dsn->recipients[0].action, "delayed");
  EXPECT_EQ(dsn->recipients[0].diagnostic, "");
  EXPECT_EQ(dsn->recipients[1].address, "boss@mill.example");
  EXPECT_EQ(dsn->recipients[1].action, "failed");
  EXPECT_EQ(dsn->recipients[1].status, "");
}

TEST(Dsn, AnythingElseIsRefused) {
  for (const std::string& raw :
       {std::string{}, std::string{"hello"}, std::string{"Subject: x\r\n\r\nhello\r\n"},
        std::string(100, '\0'), report("Action: failed\n", kWhole), report("", kWhole),
        report("Final-Recipient: rfc822; anna@mill.example\n", kWhole)}) {
    const auto dsn = dsn_of(raw);
    ASSERT_FALSE(dsn) << raw;
    EXPECT_EQ(dsn.error().code, base::ErrorCode::invalid_argument);
  }
}

TEST(Dsn, CutAnywhereItIsReadOrRefused) {
  const auto whole = report(kFailed, kWhole);
  for (std::size_t bytes = 0; bytes < whole.size(); bytes += 7) {
    const auto dsn = dsn_of(std::string_view{whole}.substr(0, bytes));
    if (!dsn) continue;
    EXPECT_TRUE(std::string{"desk@mill.example"}.starts_with(dsn->recipients.at(0).address) ||
                std::string{"anna@mill.example"}.starts_with(dsn->recipients.at(0).address))
        << bytes;
  }
}

TEST(PlainText, IsWhatTheMailSays) {
  const auto text = plain_text_of(
      "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
      "=CE=A3=CF=8D=CE=BD=CE=BF=CE=BB=CE=BF\r\nsecond\r\n"
      "--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b--\r\n");
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with("Σύνολο\nsecond")) << *text;
  EXPECT_FALSE(plain_text_of("Content-Type: text/html\r\n\r\n<p>x</p>\r\n"));
  EXPECT_FALSE(plain_text_of(""));
}

}  // namespace
}  // namespace collector::mail
