#include "tests/collector/mail/goldens.h"

#include <gtest/gtest.h>

#include "collector/mail/compose.h"
#include "tests/collector/mail/sample.h"

namespace collector::mail {

namespace {

// What a customer of that language would have.
MailInput localised(MailInput input, const std::string& language) {
  input.language = language;
  if (language == "el") {
    input.customer = "Αφοί Καραγιάννη Ο.Ε.";
    input.sender_name = "Υποστήριξη";
    for (auto& session : input.sessions) session.technician = "Μαρία Κ.";
  }
  if (language == "de") {
    input.customer = "Bäckerei Müßig";
    input.sender_name = "Fernwartung";
  }
  if (!input.sessions.empty()) {
    input.sessions[0].text = language == "el"   ? "ενημέρωση του antivirus 🖨"
                             : language == "de" ? "Virenschutz erneuert, Größe geprüft"
                                                : "antivirus update";
  }
  return input;
}

MailInput with_contracts(std::vector<ContractBlock> contracts) {
  auto input = sample_input();
  input.contracts = std::move(contracts);
  return input;
}

MailInput no_charge() {
  auto input = sample_input();
  input.sessions.erase(input.sessions.begin());
  input.sessions[0].text = "";
  input.sessions[0].technician = "";
  return input;
}

MailInput explained() {
  auto input = sample_input();
  input.sessions[0].steps = {{.what = "free time", .minutes = 0},
                             {.what = "first block", .minutes = 10},
                             {.what = "further blocks", .minutes = 20},
                             {.what = "charge", .minutes = 20}};
  input.sessions[1].steps = {{.what = "no charge", .minutes = 0}, {.what = "charge", .minutes = 0}};
  return input;
}

// Two sessions that were charged as one and told otherwise before, one by phone, one in money as well.
MailInput corrected() {
  auto input = sample_input();
  auto& first = input.sessions[0];
  first.corrected = true;
  auto& second = input.sessions[1];
  second.no_charge = false;
  second.charged_min = 0;
  second.together = true;
  auto third = first;
  third.started += std::chrono::days{1};
  third.ended += std::chrono::days{1};
  third.charged_min = 30;
  third.charged_money = {{.amount = 2'050, .currency = "EUR"}};
  third.corrected = false;
  third.work = Work::phone;
  third.terminal = "";
  input.sessions.push_back(third);
  return input;
}

MailInput with_logo() {
  auto input = sample_input();
  input.logo = sample_logo();
  return input;
}

// What is wide on a telephone.
MailInput wide() {
  auto input = localised(with_contracts({{.name = "Rahmenvertrag Fernwartung", .balance_min = 1'450}}), "de");
  input.sessions[0].charged_min = 90;
  input.sessions[1].no_charge = false;
  input.sessions[1].charged_min = 1'111;
  return input;
}

MailInput hostile(MailInput input, const std::string& text) {
  input.customer = input.recipient_name = input.sender_name = text;
  for (auto& contract : input.contracts) {
    contract.name = text;
    contract.exhausted = true;
    contract.balance_min = 0;
  }
  for (auto& session : input.sessions) session.terminal = session.technician = session.text = text;
  for (auto& notice : input.notices) notice.contract = text;
  return input;
}

}  // namespace

std::vector<Golden> goldens() {
  std::vector<Golden> all;
  for (const char* language : {"en", "el", "de"}) {
    const auto name = [&](const char* kind) { return std::string{kind} + "_" + language; };
    all.push_back({name("sessions"), localised(sample_input(), language)});
    all.push_back({name("partner_copy"), localised(sample_partner_copy(), language)});
    all.push_back({name("notice"), localised(sample_notice(), language)});
  }
  const ContractBlock used_up{.name = "Support 2026", .prepaid = true, .balance_min = -10, .exhausted = true};
  const ContractBlock open{.name = "Projects", .prepaid = false, .balance_min = 190};
  const ContractBlock low{.name = "Support 2026", .prepaid = true, .balance_min = 25, .low = true};
  const ContractBlock purse{.name = "Purse", .prepaid = true, .money_left = "67.50 EUR"};
  all.push_back({"exhausted", with_contracts({used_up, open})});
  all.push_back({"exhausted_el", localised(with_contracts({used_up}), "el")});
  all.push_back({"low", with_contracts({low})});
  all.push_back({"no_charge", no_charge()});
  all.push_back({"money", with_contracts({purse})});
  all.push_back({"money_de", localised(with_contracts({purse}), "de")});
  all.push_back({"wide_de", wide()});
  all.push_back({"explained", explained()});
  all.push_back({"explained_el", localised(explained(), "el")});
  all.push_back({"explained_de", localised(explained(), "de")});
  all.push_back({"corrected", corrected()});
  all.push_back({"corrected_el", localised(corrected(), "el")});
  all.push_back({"corrected_de", localised(corrected(), "de")});
  all.push_back({"logo", with_logo()});
  auto evil = hostile(
      sample_input(),
      "\"><script>alert('x')</script> %customer% %%\r\nBcc: x@y\r\n.\r\n--=_dl-0\r\n\u202Eevil\u2066");
  evil.sessions[1].text = std::string(20'000, 'y');
  all.push_back({"hostile", std::move(evil)});
  return all;
}

std::vector<Golden> hostile_mails() {
  std::vector<Golden> all;
  const std::string many(1'000'000, 'z');
  const std::pair<const char*, std::string> texts[] = {
      {"markup", "</td></table><script>x()</script><img src=x onerror=y()>'\"&amp;"},
      {"tokens", "%customer% %if x% %end% %% %each session%"},
      {"lines", "a\r\nBcc: x@y\r\n\r\n<html>\rX: y\n.\n"},
      {"controls", std::string{"a\0b\x01\x1B[31m\x7F\x85", 12}},
      {"bidi", "\u202Eabc\u202D\u2066\u2067\u200F\u061C\u05D0\u05D1 12\uFEFF\u2028\u2029z"},
      {"surrogate", "a\xED\xA0\x80\xED\xBF\xBF\xF5\x80\xC0\xAF\xFF\xFE b\xE2\x82"},
      {"long", many},
      {"long_line_of_emoji",
       []() {
         std::string text;
         for (int i = 0; i < 5000; ++i) text += "🖨";
         return text;
       }()},
      {"encoded_word", "=?utf-8?Q?=0D=0ABcc:_x@y?= =?utf-8?B?4oCu?="},
      {"empty", ""},
      {"boundary", "--=_dl-0123456789abcdef--\n--=_dl-"},
  };
  for (const auto& [name, text] : texts) {
    all.push_back({name, hostile(sample_input(), text)});
    all.push_back({name + std::string{" to a partner"}, hostile(sample_partner_copy(), text)});
    all.push_back({name + std::string{" as a notice"}, hostile(sample_notice(), text)});
  }
  return all;
}

std::string composed(const MailInput& input) {
  const auto raw = compose(input, shipped(input.kind, input.language));
  EXPECT_TRUE(raw) << raw.error().message;
  return raw.value_or("");
}

}  // namespace collector::mail
