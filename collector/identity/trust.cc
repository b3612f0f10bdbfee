#include "collector/identity/trust.h"

namespace collector::identity {

base::Result<std::shared_ptr<const Trust>> Trust::make(crypto::Authority authority,
                                                       std::vector<crypto::Certificate> others,
                                                       const crypto::Certificate& server,
                                                       const crypto::TlsKey& server_key) {
  std::vector<crypto::Certificate> trusted{authority.certificate()};
  trusted.insert(trusted.end(), others.begin(), others.end());
  auto tls = tls::ServerTls::create(trusted, server, server_key);
  if (!tls) return std::unexpected{tls.error()};
  const auto digest = crypto::trust_digest(trusted);
  return std::make_shared<const Trust>(Trust{.authority = std::move(authority),
                                             .trusted = std::move(trusted),
                                             .digest = digest,
                                             .tls = *std::move(tls),
                                             .server = server.digest()});
}

}  // namespace collector::identity
