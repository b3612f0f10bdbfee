#include "collector/commands/mail.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/mails.h"
#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/store/mails.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Listed {
  store::MailRow mail;
  std::size_t sessions = 0;
};

base::Result<std::vector<Listed>> load(store::Connection& database, const MailListOptions& options) {
  std::vector<Listed> listed;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    auto mails = store::list_mails(tx, options.limit, options.state);
    if (!mails) return std::unexpected{mails.error()};
    for (auto& mail : *mails) {
      const auto items = store::items_of_mail(tx, mail.id);
      if (!items) return std::unexpected{items.error()};
      listed.push_back({.mail = std::move(mail), .sessions = items->size()});
    }
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return listed;
}

base::Result<store::MailRow> find(store::Transaction& tx, std::int64_t mail_id) {
  auto mail = store::find_mail(tx, mail_id);
  if (!mail) return std::unexpected{mail.error()};
  if (!*mail) {
    return base::fail(base::ErrorCode::not_found, "there is no mail " + std::to_string(mail_id) +
                                                      "; see: deskledger-collector mail list");
  }
  return std::move(**mail);
}

}  // namespace

int run_mail_list(const MailListOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto listed = load(workspace->database, options);
  if (!listed) return report(err, listed.error());
  json::array list;
  base::TextTable table{{{.heading = "MAIL", .align = base::TextTable::Align::right},
                         {.heading = "TO", .width_max = 36},
                         {.heading = "SUBJECT", .width_max = 48},
                         {.heading = "SESSIONS", .align = base::TextTable::Align::right},
                         {.heading = "STATE"},
                         {.heading = "SENT (UTC)"},
                         {.heading = "PROBLEM", .width_max = 40}}};
  for (const auto& [mail, sessions] : *listed) {
    const auto sent = mail.sent ? timing::to_rfc3339(*mail.sent) : std::string{};
    list.push_back(json::object{{"mail", mail.id},
                                {"to", mail.recipient},
                                {"subject", mail.subject},
                                {"sessions", sessions},
                                {"state", mail.state},
                                {"attempts", mail.attempts},
                                {"sent_utc", sent.empty() ? json::value(nullptr) : json::value(sent)},
                                {"message_id", mail.message_id},
                                {"last_error", mail.last_error}});
    table.add({std::to_string(mail.id), mail.recipient, mail.subject, std::to_string(sessions), mail.state,
               sent.substr(0, 19), mail.last_error});
  }
  if (options.json) {
    out << json::serialize(list) << '\n';
  } else {
    out << (table.empty() ? "No mails.\n" : table.text());
  }
  return 0;
}

int run_mail_show(const std::filesystem::path& config, std::int64_t mail_id, std::ostream& out,
                  std::ostream& err) {
  auto workspace = open_workspace(config);
  if (!workspace) return report(err, workspace.error());
  std::string raw;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto mail = find(tx, mail_id);
    if (!mail) return std::unexpected{mail.error()};
    raw = std::move(mail->raw);
    return {};
  });
  if (!read) return report(err, read.error());
  out << raw;
  return 0;
}

int run_mail_flush(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::int64_t closed = 0;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    const auto items = actions::flush_mails(tx, this_actor(options.reason));
    if (!items) return std::unexpected{items.error()};
    closed = *items;
    return {};
  });
  if (!done) return report(err, done.error());
  out << closed << " waiting session" << (closed == 1 ? "" : "s") << " will be mailed now\n";
  return 0;
}

int run_mail_resend(const MailChangeOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::string recipient;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    if (const auto mail = find(tx, options.mail); !mail) return std::unexpected{mail.error()};
    auto sent = actions::resend_mail(tx, this_actor(options.reason), options.mail);
    if (!sent) return std::unexpected{sent.error()};
    recipient = *std::move(sent);
    return {};
  });
  if (!done) return report(err, done.error());
  out << "mail " << options.mail << " to " << recipient << " will be sent again, with the same Message-ID\n";
  return 0;
}

}  // namespace collector::commands
