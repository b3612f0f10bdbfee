#include "collector/actions/partners.h"

#include "collector/actions/made_code.h"
#include "collector/actions/to_json.h"
#include "collector/store/partners.h"

namespace collector::actions {

base::Result<Done> put_partner(store::Transaction& tx, const Actor& actor, Way way,
                               directory::Partner partner) {
  for (const auto& fine :
       {check_text("code", partner.code), check_text("name", partner.name, true),
        check_email("email", partner.email), take_language("language", partner.language)}) {
    if (!fine) return std::unexpected{fine.error()};
  }
  if (partner.code.empty()) {
    auto code = code_for(
        "partner", partner.name, way,
        [&](const std::string& name) { return store::partners_named(tx, name); },
        [&](const std::string& candidate) { return store::find_partner(tx, candidate); });
    if (!code) return std::unexpected{code.error()};
    partner.code = *std::move(code);
  }
  const auto before = store::find_partner(tx, partner.code);
  if (!before) return std::unexpected{before.error()};
  if (auto fine = check_way(way, before->has_value(), "partner", partner.code); !fine) {
    return std::unexpected{fine.error()};
  }
  const auto put = store::upsert_partner(tx, partner);
  if (!put) return std::unexpected{put.error()};
  return finish(tx, actor, way, "partner", partner.code, *put, *before ? json_text(**before) : "",
                json_text(partner), false);
}

}  // namespace collector::actions
