// The office, and what becomes of what it tells.

#pragma once

#include "collector/actions/mails.h"
#include "collector/store/customers.h"
#include "collector/store/mail_accounts.h"
#include "collector/store/mail_holds.h"
#include "collector/store/partners.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {

inline std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

class OutboxTest : public OfficeTest {
 protected:
  void work(const std::string& key, const std::string& remote_id, std::int64_t start_min,
            const std::string& text) {
    receive({completed(key, remote_id, at_min(start_min), 5min)});
    comment(remote_id, at_min(start_min), text);
    later(start_min + 6);
  }
  void later(std::int64_t minute) {
    clock_.now = at_min(minute);
    run();
  }
  std::int64_t add_partner(const std::string& code, const std::string& email, const std::string& language) {
    return write([&](store::Transaction& t) {
      return must(store::upsert_partner(t, {.id = 0,
                                            .code = code,
                                            .name = "Partner " + code,
                                            .email = email,
                                            .language = language}))
          .id;
    });
  }
  // The contract changed in place; the directory is another one then.
  void change(const std::string& customer, const std::function<void(directory::Contract&)>& how) {
    const auto id = contract_id(customer);
    write([&](store::Transaction& t) {
      const auto directory = must(store::load_directory(t, store::utc_start_of_day));
      auto contract = *std::ranges::find(directory.contracts, id, &directory::Contract::id);
      how(contract);
      must(store::upsert_contract(t, contract));
      must(store::bump_directory_version(t));
    });
  }
  void give_partner(const std::string& customer, std::int64_t partner_id, const std::string& code) {
    change(customer, [&](directory::Contract& contract) {
      contract.partner = directory::ContractPartner{.id = partner_id, .code = code};
    });
  }
  // "sessions mail@bakery.example sent" of each mail, in order of recipients.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    for (const auto& mail : mails())
      all.push_back(mail.kind + " " + mail.recipient + " " + store::state_of(mail));
    std::ranges::sort(all);
    return all;
  }
  store::MailRow mail_to(const std::string& recipient) {
    for (auto& mail : mails()) {
      if (mail.recipient == recipient) return mail;
    }
    throw std::runtime_error("no mail to " + recipient);
  }
  std::vector<store::MailHold> holds() {
    return read([](store::Transaction& t) { return must(store::list_mail_holds(t)); });
  }
  actions::Actor mary() const { return {.who = "mary", .why = "she knows", .now = clock_.now}; }
  void address(const std::string& customer, const std::string& email) {
    write([&](store::Transaction& t) {
      must(store::upsert_customer(
          t, {.id = 0, .code = customer, .name = customer, .email = email, .language = "en"}));
      must(store::bump_directory_version(t));
    });
  }
  // "3 sessions no_address": whose, and why, of what is held for something else than its window.
  std::vector<std::string> held() {
    std::vector<std::string> all;
    for (const auto& one : holds())
      all.push_back(std::to_string(one.batch.customer_id) + " " + one.batch.kind + " " + one.reason);
    return all;
  }
  std::vector<std::string> attempts(std::int64_t mail_id) {
    std::vector<std::string> all;
    for (const auto& one :
         read([&](store::Transaction& t) { return must(store::attempts_of_mail(t, mail_id)); }))
      all.push_back(one.outcome + " " + one.answer);
    return all;
  }
};

using Words = std::vector<std::string>;

}  // namespace collector::pipeline
