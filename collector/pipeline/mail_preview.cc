#include "collector/pipeline/mail_preview.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "collector/pipeline/mail_sender.h"
#include "collector/pipeline/told.h"
#include "collector/pipeline/told_notices.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/mails.h"
#include "collector/store/notices.h"
#include "collector/store/partners.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

mail::MailInput begin(mail::Kind kind, const directory::Customer& customer, const Settings& settings,
                      timing::UtcMs now) {
  const auto sender = sender_of(settings, customer.code, "");
  mail::MailInput input;
  input.kind = kind;
  input.customer = customer.name;
  input.recipient = customer.email;
  input.language = customer.language;
  input.sender_name = sender.name;
  input.sender_address = sender.address;
  input.message_id = "preview." + std::to_string(timing::to_ms(now)) +
                     sender.address.substr(std::min(sender.address.find('@'), sender.address.size()));
  input.date = now;
  input.reference = "preview." + std::to_string(customer.id);
  input.logo = settings.mail_logo;
  return input;
}

// A partner's copy goes to the partner of the contract; without one, to a partner that could be.
base::Status address_partner(store::Transaction& tx, mail::MailInput& input, const Told& told,
                             const directory::Directory& directory, const Settings& settings) {
  input.recipient_name = "(no partner)";
  const auto* contract = row_of(directory.contracts, told.entry.contract_id);
  if (contract == nullptr || !contract->partner) return {};
  const auto partner = store::find_partner_of_id(tx, contract->partner->id);
  if (!partner) return std::unexpected{partner.error()};
  if (!*partner) return {};
  const auto* customer = row_of(directory.customers, told.item.customer_id);
  const auto sender = sender_of(settings, customer == nullptr ? "" : customer->code, (*partner)->code);
  input.recipient_name = (*partner)->name;
  input.recipient = (*partner)->email;
  input.language = (*partner)->language;
  input.sender_name = sender.name;
  input.sender_address = sender.address;
  return {};
}

std::optional<std::int64_t> partner_of(const Told& told, const directory::Directory& directory) {
  const auto* contract = row_of(directory.contracts, told.entry.contract_id);
  if (contract == nullptr || !contract->partner) return std::nullopt;
  return contract->partner->id;
}

// `all` is not empty. A copy shows what one partner is told, as each gets his own: the first one's.
base::Result<mail::MailInput> preview_of(store::Transaction& tx, mail::MailInput input, std::vector<Told> all,
                                         const directory::Directory& directory, const Settings& settings) {
  if (input.kind == mail::Kind::partner_copy) {
    const auto first = partner_of(all.front(), directory);
    std::erase_if(all, [&](const Told& told) { return partner_of(told, directory) != first; });
  }
  auto blocks = blocks_of(tx, all, directory, std::string{mail::to_string(input.kind)});
  if (!blocks) return std::unexpected{blocks.error()};
  input.contracts = *std::move(blocks);
  auto lines = lines_of(tx, all, directory, settings.mail_explains_charges);
  if (!lines) return std::unexpected{lines.error()};
  input.sessions = *std::move(lines);
  const auto* contract = row_of(directory.contracts, all.front().entry.contract_id);
  if (contract != nullptr) input.time_zone = contract->time_zone;
  if (input.kind == mail::Kind::partner_copy) {
    if (auto done = address_partner(tx, input, all.front(), directory, settings); !done)
      return std::unexpected{done.error()};
  }
  return input;
}

base::Result<mail::MailInput> notices_of(store::Transaction& tx, mail::MailInput input,
                                         const directory::Customer& customer,
                                         const directory::Directory& directory) {
  for (const auto& contract : directory.contracts) {
    if (contract.customer_id != customer.id) continue;
    auto rows = store::notices_of_contract(tx, contract.id);
    if (!rows) return std::unexpected{rows.error()};
    std::erase_if(*rows, [](const store::NoticeRow& row) { return row.over.has_value(); });
    for (const auto place : worth_telling(*rows)) {
      auto line = line_of(tx, (*rows)[place], contract, input.date);
      if (!line) return std::unexpected{line.error()};
      if (input.notices.empty()) input.time_zone = contract.time_zone;
      input.notices.push_back(*std::move(line));
    }
  }
  if (input.notices.empty())
    return fail(ErrorCode::not_found, "there is no notice about a contract of " + customer.code + " now");
  return input;
}

}  // namespace

base::Result<mail::MailInput> preview_of_session(store::Transaction& tx, mail::Kind kind,
                                                 std::int64_t session_id,
                                                 const directory::Directory& directory,
                                                 const Settings& settings, timing::UtcMs now) {
  if (kind == mail::Kind::notice)
    return fail(ErrorCode::invalid_argument, "a notice tells of no session; give a customer");
  const auto charge = store::charge_of(tx, session_id);
  if (!charge) return std::unexpected{charge.error()};
  const auto entries = store::open_entries_of_session(tx, *charge ? (*charge)->session_id : session_id);
  if (!entries) return std::unexpected{entries.error()};
  std::vector<Told> all;
  std::int64_t customer_id = 0;
  for (const auto& entry : *entries) {
    if (!entry.charge_id) continue;
    customer_id = entry.customer_id;
    auto told = load_told(tx, {.id = 0,
                               .customer_id = entry.customer_id,
                               .session_id = session_id,
                               .entry_id = entry.id,
                               .window_closes = now,
                               .mail_id = std::nullopt,
                               .created = now});
    if (!told) return std::unexpected{told.error()};
    std::ranges::move(*told, std::back_inserter(all));
  }
  const auto* customer = row_of(directory.customers, customer_id);
  if (all.empty() || customer == nullptr)
    return fail(ErrorCode::not_found, "session " + std::to_string(session_id) +
                                          " stands in no ledger: it is not charged yet, or there is none");
  return preview_of(tx, begin(kind, *customer, settings, now), std::move(all), directory, settings);
}

base::Result<mail::MailInput> preview_of_customer(store::Transaction& tx, mail::Kind kind,
                                                  const directory::Customer& customer,
                                                  const directory::Directory& directory,
                                                  const Settings& settings, timing::UtcMs now) {
  auto input = begin(kind, customer, settings, now);
  if (kind == mail::Kind::notice) return notices_of(tx, std::move(input), customer, directory);
  const auto items = store::items_of(tx, customer.id);
  if (!items) return std::unexpected{items.error()};
  std::vector<Told> all;
  for (const auto& item : *items) {
    if (item.kind != mail::to_string(kind)) continue;
    auto told = load_told(tx, item);
    if (!told) return std::unexpected{told.error()};
    for (auto& one : *told) {
      const auto* contract = row_of(directory.contracts, one.entry.contract_id);
      if (is_told(contract, item.kind, item.partner_id)) all.push_back(std::move(one));
    }
  }
  if (all.empty())
    return fail(ErrorCode::not_found, "nothing waits to be told to " + customer.code +
                                          "; look at one session with --session, or at an example without");
  return preview_of(tx, std::move(input), std::move(all), directory, settings);
}

}  // namespace collector::pipeline
