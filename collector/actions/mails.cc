#include "collector/actions/mails.h"

#include <boost/json.hpp>

#include "collector/store/mails.h"

namespace collector::actions {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

base::Result<std::int64_t> flush_mails(store::Transaction& tx, const Actor& actor) {
  const auto sessions = store::close_windows_now(tx, actor.now);
  if (!sessions || *sessions == 0) return sessions;
  const auto after = json::serialize(json::object{{"sessions", *sessions}});
  if (auto noted = note(tx, actor, "flush", "mail", "", "", after); !noted) {
    return std::unexpected{noted.error()};
  }
  return sessions;
}

base::Result<std::string> resend_mail(store::Transaction& tx, const Actor& actor, std::int64_t mail_id) {
  const auto name = "mail " + std::to_string(mail_id);
  const auto mail = store::find_mail(tx, mail_id);
  if (!mail) return std::unexpected{mail.error()};
  if (!*mail) return fail(ErrorCode::not_found, "there is no " + name);
  const auto& before = (*mail)->state;
  if (before != "failed" && before != "uncertain") {
    return fail(ErrorCode::conflict,
                name + " is " + before + "; only failed and uncertain mails are sent again");
  }
  const store::MailProgress progress{.state = "composed",
                                     .attempts = 0,
                                     .next_try = actor.now,
                                     .last_error = "sent again by " + actor.who,
                                     .sent = std::nullopt};
  if (auto done = store::set_mail_state(tx, mail_id, progress); !done) return std::unexpected{done.error()};
  const auto text = [](const std::string& state) { return json::serialize(json::object{{"state", state}}); };
  if (auto noted =
          note(tx, actor, "resend", "mail", std::to_string(mail_id), text(before), text(progress.state));
      !noted) {
    return std::unexpected{noted.error()};
  }
  return (*mail)->recipient;
}

}  // namespace collector::actions
