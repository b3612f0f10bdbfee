#include <algorithm>
#include <set>

#include "collector/ledger/entry.h"
#include "collector/mail/compose.h"
#include "collector/mail/render.h"
#include "collector/pipeline/mail_words.h"
#include "collector/pipeline/steps.h"
#include "collector/rating/money.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "collector/store/mails.h"
#include "collector/store/sessions.h"
#include "common/logging/log.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

template <class Row>
const Row* find(const std::vector<Row>& rows, std::optional<std::int64_t> id) {
  const auto it = std::ranges::find_if(rows, [&](const Row& row) { return id && row.id == *id; });
  return it == rows.end() ? nullptr : &*it;
}

// One queued session with everything its line in the mail needs.
struct Told {
  store::MailItemRow item;
  store::SessionRow session;
  store::AttributionRow attribution;
  store::ChargeRow charge;
  store::EntryRow entry;
};

// Nothing if the entry was reversed since it was queued: another one tells the truth.
base::Result<std::optional<Told>> load(store::Transaction& tx, const store::MailItemRow& item) {
  const auto open = store::is_open(tx, item.entry_id);
  if (!open) return std::unexpected{open.error()};
  if (!*open) return std::nullopt;
  const auto entry = store::find_entry(tx, item.entry_id);
  if (!entry) return std::unexpected{entry.error()};
  const auto session = store::find_session(tx, item.session_id);
  if (!session) return std::unexpected{session.error()};
  const auto attribution = store::latest_attribution(tx, item.session_id);
  if (!attribution) return std::unexpected{attribution.error()};
  const auto charge = store::find_charge(tx, *entry && (*entry)->charge_id ? *(*entry)->charge_id : 0);
  if (!charge) return std::unexpected{charge.error()};
  if (!*session || !*attribution || !*charge) {
    return fail(ErrorCode::internal,
                "mail item " + std::to_string(item.id) + " tells of a session that is not whole");
  }
  return Told{.item = item,
              .session = std::move(**session),
              .attribution = std::move(**attribution),
              .charge = std::move(**charge),
              .entry = std::move(**entry)};
}

// The terminal's description, else the remote ID; "phone" or "on site" for what a person entered.
std::string place_of(const directory::Terminal* terminal, const store::SessionRow& session) {
  if (terminal != nullptr && !terminal->description.empty()) return terminal->description;
  if (!session.agent_id.empty()) return session.remote_id;
  return session.kind == "on_site" ? "on site" : session.kind;
}

mail::SessionLine line_of(const Told& told, const directory::Directory& directory) {
  const auto* terminal = find(directory.terminals, told.attribution.terminal_id);
  const auto* technician = find(directory.technicians, told.attribution.technician_id);
  const auto& stated = told.attribution;
  return {.started = stated.stated_start.value_or(told.session.started.value_or(timing::UtcMs{})),
          .ended = stated.stated_end.value_or(told.session.ended.value_or(timing::UtcMs{})),
          .seconds = told.charge.seconds,
          .charged_min = told.charge.minutes,
          .no_charge = told.attribution.no_charge,
          .terminal = place_of(terminal, told.session),
          .technician = technician == nullptr ? "" : technician->name,
          .text = told.attribution.text};
}

// The minutes or money that people look at, out of what the accounts hold.
base::Result<std::int64_t> balance_of(store::Transaction& tx, const directory::Contract& contract,
                                      std::string_view unit) {
  const auto accounts = store::accounts_of(tx, contract.id);
  if (!accounts) return std::unexpected{accounts.error()};
  ledger::Entry all;
  for (const auto& account : *accounts) {
    auto line = store::line_of(account);
    if (!line) return std::unexpected{line.error()};
    all.lines.push_back(std::move(*line));
  }
  return ledger::figure(contract.model, all, unit);
}

// Whether the customer does not know yet that nothing is left: something was at his last mail, or was granted
// since. A correction in between is no second exhaustion.
base::Result<bool> is_news(store::Transaction& tx, const directory::Contract& contract,
                           std::int64_t balance) {
  const auto told = store::last_told(tx, contract.id);
  if (!told) return std::unexpected{told.error()};
  if (!*told) return true;
  const auto since = store::entries_behind(tx, contract.id, (*told)->entry_id);
  if (!since) return std::unexpected{since.error()};
  const bool of_money = contract.model == directory::Model::prepaid_money;
  std::int64_t known = balance;
  for (const auto& entry : *since) {
    if (entry.created >= (*told)->when && entry.kind != "grant")
      known -= of_money ? entry.amount : entry.minutes;
  }
  return known > 0;
}

// The contract's balance after these sessions; `exhausted` in the first mail after it was used up.
base::Result<mail::ContractBlock> block_of(store::Transaction& tx, const directory::Contract& contract) {
  const bool of_money = contract.model == directory::Model::prepaid_money;
  const std::string& currency = contract.terms.currency;
  const auto balance = balance_of(tx, contract, of_money ? std::string_view{currency} : ledger::kMinutes);
  if (!balance) return std::unexpected{balance.error()};
  const bool prepaid = of_money || contract.model == directory::Model::prepaid;
  mail::ContractBlock block{
      .name = contract.name, .prepaid = prepaid, .balance_min = of_money ? 0 : *balance, .exhausted = false};
  if (of_money) block.money_left = rating::money_text(*balance, currency) + " " + currency;
  if (!prepaid || *balance > 0) return block;
  const auto news = is_news(tx, contract, *balance);
  if (!news) return std::unexpected{news.error()};
  block.exhausted = *news;
  return block;
}

base::Result<std::vector<mail::ContractBlock>> blocks_of(store::Transaction& tx, const std::vector<Told>& all,
                                                         const directory::Directory& directory) {
  std::set<std::int64_t> contracts;
  for (const auto& told : all) contracts.insert(told.entry.contract_id);
  std::vector<mail::ContractBlock> blocks;
  for (const auto contract_id : contracts) {
    const auto* contract = find(directory.contracts, contract_id);
    if (contract == nullptr)
      return fail(ErrorCode::internal, "an entry of contract " + std::to_string(contract_id));
    auto block = block_of(tx, *contract);
    if (!block) return std::unexpected{block.error()};
    blocks.push_back(std::move(*block));
  }
  return blocks;
}

base::Result<store::MailRow> compose(store::Transaction& tx, const std::vector<Told>& all,
                                     const directory::Customer& customer,
                                     const directory::Directory& directory, const Settings& settings,
                                     timing::UtcMs now) {
  const auto templates = words_for(tx, mail::Kind::sessions, customer.language, settings.mail_language);
  if (!templates) return std::unexpected{templates.error()};
  auto blocks = blocks_of(tx, all, directory);
  if (!blocks) return std::unexpected{blocks.error()};
  const auto* contract = find(directory.contracts, all.front().entry.contract_id);
  const std::string reference = std::to_string(customer.id) + "." + std::to_string(all.front().item.id) +
                                "." + std::to_string(timing::to_ms(now));
  const auto at = settings.sender_address.find('@');
  mail::MailInput input{.customer = customer.name,
                        .recipient = customer.email,
                        .language = customer.language,
                        .sessions = {},
                        .contracts = std::move(*blocks),
                        .time_zone = contract == nullptr ? "UTC" : contract->time_zone,
                        .sender_name = settings.sender_name,
                        .sender_address = settings.sender_address,
                        .message_id = "sessions." + reference + "@" + settings.sender_address.substr(at + 1),
                        .date = now,
                        .reference = reference};
  for (const auto& told : all) input.sessions.push_back(line_of(told, directory));
  std::ranges::sort(input.sessions, {},
                    [](const mail::SessionLine& line) { return std::pair{line.started, line.ended}; });
  auto raw = mail::compose(input, **templates);
  if (!raw) return fail("composing the mail to customer " + customer.code, raw.error());
  const auto rendered = mail::render(input, **templates);
  if (!rendered) return std::unexpected{rendered.error()};
  return store::MailRow{.id = 0,
                        .customer_id = customer.id,
                        .message_id = input.message_id,
                        .recipient = customer.email,
                        .subject = rendered->subject,
                        .raw = std::move(*raw),
                        .state = "composed",
                        .attempts = 0,
                        .next_try = now,
                        .last_error = "",
                        .created = now,
                        .sent = std::nullopt};
}

// The items that are still true and have somebody to be told to; drops the others.
base::Result<std::vector<Told>> load_all(store::Transaction& tx, std::int64_t customer_id,
                                         const directory::Customer& customer,
                                         const directory::Directory& directory, timing::UtcMs now) {
  const auto items = store::due_items_of(tx, customer_id, now);
  if (!items) return std::unexpected{items.error()};
  std::vector<Told> all;
  for (const auto& item : *items) {
    auto told = load(tx, item);
    if (!told) return std::unexpected{told.error()};
    const auto* contract = *told ? find(directory.contracts, (*told)->entry.contract_id) : nullptr;
    const bool may_know = contract == nullptr || contract->mail_customer;
    if (*told && may_know && !customer.email.empty()) {
      all.push_back(std::move(**told));
    } else if (auto done = store::drop_item(tx, item.id, now); !done) {
      return std::unexpected{done.error()};
    }
  }
  return all;
}

// False if no mail can be made for this customer; the others must not wait for that.
base::Result<bool> tell(store::Transaction& tx, std::int64_t customer_id,
                        const directory::Directory& directory, const Settings& settings, timing::UtcMs now) {
  const auto* customer = find(directory.customers, customer_id);
  if (customer == nullptr)
    return fail(ErrorCode::internal, "mail for customer " + std::to_string(customer_id));
  const auto all = load_all(tx, customer_id, *customer, directory, now);
  if (!all) return std::unexpected{all.error()};
  if (all->empty()) return true;
  const auto row = compose(tx, *all, *customer, directory, settings, now);
  if (!row && row.error().code == ErrorCode::invalid_argument) {
    logging::error("a mail could not be composed; its sessions wait", {{"reason", row.error().message}});
    return false;
  }
  if (!row) return std::unexpected{row.error()};
  std::vector<std::int64_t> ids;
  for (const auto& told : *all) ids.push_back(told.item.id);
  if (auto id = store::add_mail(tx, *row, ids); !id) return std::unexpected{id.error()};
  return true;
}

}  // namespace

base::Result<std::int64_t> compose_mails(store::Transaction& tx, const directory::Directory& directory,
                                         const Settings& settings, timing::UtcMs now) {
  const auto customers = store::due_customers(tx, now);
  if (!customers) return std::unexpected{customers.error()};
  std::int64_t told = 0;
  for (const auto customer : *customers) {
    const auto done = tell(tx, customer, directory, settings, now);
    if (!done) return std::unexpected{done.error()};
    told += *done ? 1 : 0;
  }
  return told;
}

}  // namespace collector::pipeline
