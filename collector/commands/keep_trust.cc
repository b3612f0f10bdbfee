#include "collector/commands/keep_trust.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "collector/commands/serve_parts.h"
#include "collector/identity/pki.h"
#include "collector/identity/rotation.h"
#include "common/async/offload.h"
#include "common/logging/log.h"

namespace collector::commands {

namespace {

bool is_same(const identity::Trust& trust, const identity::PkiState& state) {
  return trust.server == state.server.digest() && trust.digest == state.digest() &&
         trust.authority.certificate().digest() == state.issuing.digest();
}

}  // namespace

base::Status keep_port_certificate(const std::filesystem::path& folder, timing::UtcMs now) {
  const auto due = identity::renew_server(folder, now);
  if (!due) return std::unexpected{due.error()};
  if (due->empty()) return {};
  const auto lock = FileLock::take(ca_lock_file(folder), "the pki folder is being changed");
  // Whoever changes it now renews the certificate too, or it is done at the next look.
  if (!lock && lock.error().code == base::ErrorCode::conflict) return {};
  if (!lock) return std::unexpected{lock.error()};
  return identity::keep_server_certificate(folder, now);
}

base::Result<bool> look_at_trust(identity::CurrentTrust& trust, const std::filesystem::path& folder,
                                 timing::UtcMs now) {
  const auto renewed = keep_port_certificate(folder, now);
  // A folder that cannot be written may still have changed.
  const auto state = identity::read_pki(folder);
  if (!state) return std::unexpected{state.error()};
  if (!is_same(*trust.get(), *state)) {
    auto loaded = identity::load_trust(folder);
    if (!loaded) return std::unexpected{loaded.error()};
    trust.set(*std::move(loaded));
    return true;
  }
  if (!renewed) return std::unexpected{renewed.error()};
  return false;
}

boost::asio::awaitable<void> keep_trust(identity::CurrentTrust& trust, std::filesystem::path folder,
                                        boost::asio::any_io_executor worker, const timing::Clock& clock) {
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  std::string told;
  for (;;) {
    timer.expires_after(identity::kTrustLook);
    co_await timer.async_wait(boost::asio::use_awaitable);
    base::Result<bool> changed;
    co_await async::offload(worker, [&] { changed = look_at_trust(trust, folder, clock.utc()); });
    const std::string wrong = changed ? "" : changed.error().message;
    if (changed && *changed) {
      logging::info("certificates were taken over from the pki folder",
                    {{"trusted", std::to_string(trust.get()->trusted.size())},
                     {"issuing", trust.get()->authority.certificate().common_name()}});
    } else if (wrong != told && !wrong.empty()) {
      logging::warning("the pki folder cannot be looked at", {{"reason", wrong}});
    }
    told = wrong;
  }
}

}  // namespace collector::commands
