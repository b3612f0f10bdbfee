#include "collector/commands/mail_list.h"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <ostream>

#include "collector/commands/moment.h"
#include "collector/commands/workspace.h"
#include "collector/mail/read_back.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

namespace {

// So many mails are looked for at one time; each is loaded by itself, so that memory stays flat.
constexpr std::int64_t kPage = 500;

std::string folded(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return text;
}

// In whatever case, as far as the letters are ASCII.
bool says(const store::MailRow& mail, const std::string& wanted) {
  const auto has = [&](const std::string& text) { return folded(text).find(wanted) != std::string::npos; };
  if (has(mail.subject) || has(mail.message_id)) return true;
  const auto text = mail::plain_text_of(mail.raw);
  return text && has(*text);
}

base::Result<store::MailFilter> filter_of(const MailListOptions& options) {
  store::MailFilter filter{.state = options.state,
                           .kind = options.kind,
                           .customer = options.customer,
                           .recipient = options.recipient};
  if (auto done = set_moment(filter.from, options.from, "from"); !done) return std::unexpected{done.error()};
  if (auto done = set_moment(filter.to, options.until, "until"); !done) return std::unexpected{done.error()};
  return filter;
}

using Visit = std::function<base::Status(const store::MailRow&, std::size_t items)>;

// Each mail that is asked for, newest first, at most as many as the limit says.
base::Status visit(store::Connection& database, const MailListOptions& options, const Visit& act) {
  auto filter = filter_of(options);
  if (!filter) return std::unexpected{filter.error()};
  const auto wanted = folded(options.text.value_or(""));
  filter->limit = wanted.empty() ? std::min(kPage, options.limit) : kPage;
  return database.read([&](store::Transaction& tx) -> base::Status {
    for (std::int64_t found = 0; found < options.limit;) {
      const auto ids = store::list_mail_ids(tx, *filter);
      if (!ids) return std::unexpected{ids.error()};
      for (const auto id : *ids) {
        const auto mail = store::find_mail(tx, id);
        if (!mail) return std::unexpected{mail.error()};
        if (!*mail || (!wanted.empty() && !says(**mail, wanted))) continue;
        const auto items = store::items_of_mail(tx, id);
        if (!items) return std::unexpected{items.error()};
        if (auto done = act(**mail, items->size()); !done) return done;
        if (++found == options.limit) return {};
      }
      if (std::ssize(*ids) < filter->limit) return {};
      filter->before_id = ids->back();
    }
    return {};
  });
}

std::string time_text(const std::optional<timing::UtcMs>& time) {
  return time ? timing::to_rfc3339(*time).substr(0, 19) : std::string{};
}

std::string csv_cell(const std::string& text) {
  // A spreadsheet would take what begins so for a formula.
  const bool formula = !text.empty() && std::string_view{"=+-@"}.find(text.front()) != std::string_view::npos;
  std::string cell = "\"";
  if (formula) cell += '\'';
  for (const char c : text) cell += c == '"' ? std::string{"\"\""} : std::string{c};
  return cell + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const auto& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
  return line + "\r\n";
}

base::Status write_new(const std::filesystem::path& path, const std::string& bytes) {
  std::error_code error;
  if (std::filesystem::exists(path, error))
    return fail(ErrorCode::conflict, path.string() + " is there already");
  std::ofstream file{path, std::ios::binary};
  file << bytes << std::flush;
  if (!file) return fail(ErrorCode::unavailable, "cannot write " + path.string());
  return {};
}

}  // namespace

std::vector<std::string> mail_states() {
  return {"composed", "sending", "sent", "uncertain", "failed", "bounced", "cancelled"};
}

json::object mail_json(const store::MailRow& mail, std::size_t items) {
  const auto time = [](const std::optional<timing::UtcMs>& one) {
    return one ? json::value(timing::to_rfc3339(*one)) : json::value(nullptr);
  };
  return {{"mail", mail.id},
          {"kind", mail.kind},
          {"to", mail.recipient},
          {"subject", mail.subject},
          {"sessions", mail.kind == "notice" ? 0 : items},
          {"notices", mail.kind == "notice" ? items : 0},
          {"state", store::state_of(mail)},
          {"account", mail.account},
          {"attempts", mail.attempts},
          {"composed_utc", timing::to_rfc3339(mail.created)},
          {"cancelled_utc", time(mail.cancelled)},
          {"next_try_utc", mail.state == "composed" ? time(mail.next_try) : json::value(nullptr)},
          {"sent_utc", time(mail.sent)},
          {"bounced_utc", time(mail.bounced)},
          {"bounce", mail.bounce},
          {"message_id", mail.message_id},
          {"last_error", mail.last_error}};
}

int run_mail_list(const MailListOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  json::array list;
  base::TextTable table{{{.heading = "MAIL", .align = base::TextTable::Align::right},
                         {.heading = "KIND"},
                         {.heading = "TO", .width_max = 36},
                         {.heading = "SUBJECT", .width_max = 48},
                         {.heading = "SESSIONS", .align = base::TextTable::Align::right},
                         {.heading = "STATE"},
                         {.heading = "SENT (UTC)"},
                         {.heading = "PROBLEM", .width_max = 60}}};
  const auto done = visit(workspace->database, options, [&](const store::MailRow& mail, std::size_t items) {
    if (options.json) {
      list.push_back(mail_json(mail, items));
    } else {
      table.add({std::to_string(mail.id), mail.kind, mail.recipient, mail.subject,
                 mail.kind == "notice" ? "" : std::to_string(items), store::state_of(mail),
                 time_text(mail.sent), mail.bounced ? mail.bounce : mail.last_error});
    }
    return base::Status{};
  });
  if (!done) return report(err, done.error());
  if (options.json) {
    out << json::serialize(list) << '\n';
  } else {
    out << (table.empty() ? "No mails.\n" : table.text());
  }
  return 0;
}

int run_mail_export(const MailListOptions& options, const std::filesystem::path& folder, std::ostream& out,
                    std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return report(err, {ErrorCode::permission_denied, folder.string() + ": " + error.message()});
  std::string index = csv_line({"mail", "file", "kind", "to", "subject", "state", "account", "attempts",
                                "composed_utc", "sent_utc", "bounced_utc", "bounce", "last_error"});
  std::int64_t mails = 0;
  auto done = visit(workspace->database, options, [&](const store::MailRow& mail, std::size_t) {
    const auto name = mail.message_id + ".eml";
    index +=
        csv_line({std::to_string(mail.id), name, mail.kind, mail.recipient, mail.subject,
                  store::state_of(mail), mail.account, std::to_string(mail.attempts), time_text(mail.created),
                  time_text(mail.sent), time_text(mail.bounced), mail.bounce, mail.last_error});
    ++mails;
    return write_new(folder / name, mail.raw);
  });
  if (done) done = write_new(folder / "mails.csv", index);
  if (!done) return report(err, done.error());
  out << mails << " mail" << (mails == 1 ? "" : "s") << " in " << folder.string() << '\n';
  return 0;
}

}  // namespace collector::commands
