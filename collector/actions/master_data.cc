#include "collector/actions/master_data.h"

#include "collector/mail/address.h"
#include "collector/mail/language_tag.h"
#include "collector/store/text.h"

namespace collector::actions {

using base::ErrorCode;
using base::fail;

base::Status check_way(Way way, bool exists, const std::string& noun, const std::string& key) {
  if (way == Way::add && exists) {
    return fail(ErrorCode::conflict, "there is a " + noun + " " + key + " already; to change it use: change");
  }
  if (way == Way::change && !exists) {
    return fail(ErrorCode::not_found, "there is no " + noun + " " + key + "; use: list, or add");
  }
  return {};
}

base::Status check_text(const std::string& field, const std::string& text, bool required) {
  if (required && text.empty()) return fail(ErrorCode::invalid_argument, field + " is empty");
  if (!store::is_storable(text)) return fail(ErrorCode::invalid_argument, field + " is not UTF-8 text");
  if (text.size() <= store::key_bytes_max) return {};
  return fail(ErrorCode::invalid_argument,
              field + " is longer than " + std::to_string(store::key_bytes_max) + " bytes");
}

base::Status check_email(const std::string& field, const std::string& text, bool required) {
  if (auto fine = check_text(field, text, required); !fine) return fine;
  if (text.empty() || mail::is_address(text)) return {};
  return fail(ErrorCode::invalid_argument,
              field + " '" + text + "' is no e-mail address such as office@oldmill.example");
}

base::Status take_language(const std::string& field, std::string& text) {
  if (auto fine = check_text(field, text, true); !fine) return fine;
  auto tag = mail::typed_language(text);
  if (!tag) return fail(tag.error().code, field + " " + tag.error().message);
  text = *std::move(tag);
  return {};
}

base::Result<Done> finish(store::Transaction& tx, const Actor& actor, Way way, const std::string& object,
                          const std::string& key, const store::Put& put, const std::string& before,
                          const std::string& after, bool attributed) {
  Done done{.key = key, .created = put.created, .changed = put.changed};
  if (!put.changed) return done;
  const char* action = way == Way::import ? "import" : put.created ? "create" : "change";
  if (auto noted = note(tx, actor, action, object, key, put.created ? "" : before, after); !noted) {
    return std::unexpected{noted.error()};
  }
  if (way == Way::import || !attributed) return done;
  if (const auto version = store::bump_directory_version(tx); !version) {
    return std::unexpected{version.error()};
  }
  return done;
}

}  // namespace collector::actions
