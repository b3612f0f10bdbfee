#include "collector/commands/mail.h"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <ostream>

#include "collector/actions/mails.h"
#include "collector/commands/mail_list.h"
#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/store/mail_accounts.h"
#include "collector/store/mails.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

// A report of a mail server carries the mail it is about, perhaps with pictures in it.
constexpr std::size_t kReportBytesMax = std::size_t{32} * 1024 * 1024;

struct Shown {
  store::MailRow mail;
  std::vector<store::MailAttempt> attempts;
  std::vector<store::MailItemRow> items;
};

base::Result<Shown> load(store::Connection& database, std::int64_t mail_id) {
  Shown shown;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    auto mail = store::find_mail(tx, mail_id);
    if (!mail) return std::unexpected{mail.error()};
    if (!*mail) {
      return base::fail(base::ErrorCode::not_found, "there is no mail " + std::to_string(mail_id) +
                                                        "; see: deskledger-collector mail list");
    }
    shown.mail = std::move(**mail);
    auto attempts = store::attempts_of_mail(tx, mail_id);
    if (!attempts) return std::unexpected{attempts.error()};
    shown.attempts = std::move(*attempts);
    auto items = store::items_of_mail(tx, mail_id);
    if (!items) return std::unexpected{items.error()};
    shown.items = std::move(*items);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return shown;
}

json::object json_of(const Shown& shown) {
  auto object = mail_json(shown.mail, shown.items.size());
  json::array told;
  for (const auto& item : shown.items) {
    if (item.session_id != 0) told.push_back(item.session_id);
  }
  object["told"] = std::move(told);
  json::array attempts;
  for (const auto& one : shown.attempts) {
    attempts.push_back(json::object{{"account", one.account},
                                    {"started_utc", timing::to_rfc3339(one.started)},
                                    {"ended_utc", timing::to_rfc3339(one.ended)},
                                    {"outcome", one.outcome},
                                    {"answer", one.answer}});
  }
  object["log"] = std::move(attempts);
  object["raw"] = shown.mail.raw;
  return object;
}

std::string log_of(const Shown& shown) {
  base::TextTable table{{{.heading = "STARTED (UTC)"},
                         {.heading = "SECONDS", .align = base::TextTable::Align::right},
                         {.heading = "ACCOUNT"},
                         {.heading = "OUTCOME"},
                         {.heading = "ANSWER", .width_max = 100}}};
  for (const auto& one : shown.attempts) {
    const auto tenths = (one.ended - one.started).count() / 100;
    table.add({timing::to_rfc3339(one.started).substr(0, 19),
               std::to_string(tenths / 10) + "." + std::to_string(tenths % 10), one.account, one.outcome,
               one.answer});
  }
  return table.empty() ? "It was not handed over yet.\n" : table.text();
}

base::Result<std::string> read_report(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string raw{std::istreambuf_iterator<char>{in}, {}};
  if (!in.is_open()) return base::fail(base::ErrorCode::not_found, "cannot read the report " + file.string());
  if (raw.size() > kReportBytesMax)
    return base::fail(base::ErrorCode::invalid_argument, "the report " + file.string() + " is too large");
  return raw;
}

using Act = std::function<base::Result<std::string>(store::Transaction&, const Config&)>;

// Does it in a transaction and prints what came of it.
int change(const MailChangeOptions& options, std::ostream& out, std::ostream& err, const Act& act) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::string said;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto result = act(tx, workspace->config);
    if (!result) return std::unexpected{result.error()};
    said = *std::move(result);
    return {};
  });
  if (!done) return report(err, done.error());
  out << said << '\n';
  return 0;
}

// What an action about one mail returns, the recipient, as a sentence.
base::Result<std::string> sentence(const base::Result<std::string>& recipient, std::int64_t mail,
                                   const char* what) {
  if (!recipient) return std::unexpected{recipient.error()};
  return "mail " + std::to_string(mail) + " to " + *recipient + what;
}

base::Result<std::string> eml_has_no_envelope() {
  return base::fail(base::ErrorCode::invalid_argument,
                    "with mail.transport = \"eml\" a mail is a file, which says for whom it was composed; "
                    "mend the customer's address, or give the file to your mail program");
}

std::string counted(std::int64_t items) {
  return std::to_string(items) + " waiting session" + (items == 1 ? "" : "s");
}

int preview_give_up(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::vector<actions::HeldMails> held;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto all = actions::held_mails(tx, options.customer.value_or(""), options.partner);
    if (!all) return std::unexpected{all.error()};
    held = *std::move(all);
    return {};
  });
  if (!read) return report(err, read.error());
  json::array list;
  base::TextTable table{{{.heading = "KIND"},
                         {.heading = "SESSION", .align = base::TextTable::Align::right},
                         {.heading = "SINCE (UTC)"},
                         {.heading = "HELD BY"}}};
  for (const auto& one : held) {
    for (const auto& item : one.items) {
      list.push_back(json::object{{"kind", item.kind},
                                  {"session", item.session_id},
                                  {"since_utc", timing::to_rfc3339(item.created)},
                                  {"held_by", one.hold.reason}});
      table.add({item.kind, item.session_id == 0 ? "" : std::to_string(item.session_id),
                 timing::to_rfc3339(item.created).substr(0, 19), one.hold.reason});
    }
  }
  if (options.json) {
    out << json::serialize(list) << '\n';
  } else {
    out << table.text() << counted(std::ssize(list)) << " would be told to nobody; nothing is changed\n";
  }
  return 0;
}

}  // namespace

int run_mail_show(const MailShowOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto shown = load(workspace->database, options.mail);
  if (!shown) return report(err, shown.error());
  if (options.json) {
    out << json::serialize(json_of(*shown)) << '\n';
  } else {
    out << (options.log ? log_of(*shown) : shown->mail.raw);
  }
  return 0;
}

int run_mail_flush(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  return change(options, out, err, [&](store::Transaction& tx, const Config&) -> base::Result<std::string> {
    const auto items = actions::flush_mails(tx, this_actor(options.reason), options.customer);
    if (!items) return std::unexpected{items.error()};
    return counted(*items) + " will be mailed now";
  });
}

int run_mail_resend(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  return change(options, out, err, [&](store::Transaction& tx, const Config& config) {
    if (options.to && config.mail_transport == "eml") return eml_has_no_envelope();
    std::vector<std::string> accounts;
    for (const auto& account : config.mail_accounts) accounts.push_back(account.name);
    return sentence(actions::resend_mail(tx, this_actor(options.reason), options.mail, accounts, options.to),
                    options.mail, " will be sent again, with the same Message-ID");
  });
}

int run_mail_cancel(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  return change(options, out, err, [&](store::Transaction& tx, const Config&) {
    return sentence(actions::cancel_mail(tx, this_actor(options.reason), options.mail, options.anew),
                    options.mail,
                    options.anew ? " is given up; what it tells is composed anew" : " is given up");
  });
}

int run_mail_give_up(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  if (options.preview) return preview_give_up(options, out, err);
  return change(options, out, err, [&](store::Transaction& tx, const Config&) -> base::Result<std::string> {
    const auto items = actions::give_up_mails(tx, this_actor(options.reason), options.customer.value_or(""),
                                              options.partner);
    if (!items) return std::unexpected{items.error()};
    return counted(*items) + " will be told to nobody";
  });
}

int run_mail_arrived(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  return change(options, out, err, [&](store::Transaction& tx, const Config&) {
    return sentence(actions::mail_arrived(tx, this_actor(options.reason), options.mail), options.mail,
                    " counts as sent");
  });
}

int run_mail_bounced(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  std::string raw;
  if (options.file) {
    auto read = read_report(*options.file);
    if (!read) return report(err, read.error());
    raw = *std::move(read);
  }
  return change(options, out, err, [&](store::Transaction& tx, const Config&) -> base::Result<std::string> {
    const auto actor = this_actor(options.reason);
    if (!options.file) {
      return sentence(actions::mail_bounced(tx, actor, options.mail, options.reason), options.mail,
                      " counts as bounced");
    }
    const auto found = actions::read_bounce(tx, actor, raw);
    if (!found) return std::unexpected{found.error()};
    return "mail " + std::to_string(found->mail_id) + " to " + found->recipient +
           (found->bounced ? " counts as bounced: " : " stays as it is: ") + found->said;
  });
}

}  // namespace collector::commands
