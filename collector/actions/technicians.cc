#include "collector/actions/technicians.h"

#include "collector/actions/to_json.h"

namespace collector::actions {

namespace {

constexpr std::int64_t kNumberMax = 999'999;

}  // namespace

base::Result<Done> put_technician(store::Transaction& tx, const Actor& actor, Way way,
                                  const directory::Technician& technician) {
  if (technician.number < 1 || technician.number > kNumberMax) {
    return base::fail(base::ErrorCode::invalid_argument, "number '" + std::to_string(technician.number) +
                                                             "' is no whole number from 1 to " +
                                                             std::to_string(kNumberMax));
  }
  for (const auto& fine : {check_text("name", technician.name, true), check_email("email", technician.email),
                           check_text("grade", technician.grade)}) {
    if (!fine) return std::unexpected{fine.error()};
  }
  const auto before = store::find_technician(tx, technician.number);
  if (!before) return std::unexpected{before.error()};
  const auto key = std::to_string(technician.number);
  if (auto fine = check_way(way, before->has_value(), "technician", key); !fine) {
    return std::unexpected{fine.error()};
  }
  const auto put = store::upsert_technician(tx, technician);
  if (!put) return std::unexpected{put.error()};
  return finish(tx, actor, way, "technician", key, *put, *before ? json_text(**before) : "",
                json_text(technician));
}

base::Result<directory::Technician> the_technician(store::Transaction& tx, std::int64_t number) {
  auto found = store::find_technician(tx, number);
  if (!found) return std::unexpected{found.error()};
  if (*found) return std::move(**found);
  return base::fail(base::ErrorCode::not_found, std::to_string(number) +
                                                    " is no technician's number; see: "
                                                    "deskledger-collector technicians list");
}

}  // namespace collector::actions
