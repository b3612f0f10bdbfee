// Whom the collector trusts, and what it issues certificates with: at one moment, and now.

#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/crypto/authority.h"
#include "common/crypto/certificate.h"
#include "common/crypto/digest.h"
#include "common/tls/context.h"

namespace collector::identity {

// At one moment: never changes.
struct Trust {
  crypto::Authority authority;               // Issues.
  std::vector<crypto::Certificate> trusted;  // CA certificates, the authority's first; two in a rotation.
  crypto::Digest digest;                     // trust_digest(trusted): for Welcome.trust_digest.
  tls::ServerTls tls;                        // For the port.
  crypto::Digest server;                     // Of the certificate the port shows.

  // `others`: trusted besides the authority's own. invalid_argument if none of them issued `server`, or the
  // key is another one.
  [[nodiscard]] static base::Result<std::shared_ptr<const Trust>> make(
      crypto::Authority authority, std::vector<crypto::Certificate> others, const crypto::Certificate& server,
      const crypto::TlsKey& server_key);
};

// The trust of now, for any thread. Whoever takes it keeps it for one piece of work: a connection's
// handshake, one enrolment.
class CurrentTrust {
 public:
  explicit CurrentTrust(std::shared_ptr<const Trust> trust) : trust_{std::move(trust)} {}

  std::shared_ptr<const Trust> get() const {
    const std::lock_guard lock{mutex_};
    return trust_;
  }
  void set(std::shared_ptr<const Trust> trust) {
    const std::lock_guard lock{mutex_};
    trust_ = std::move(trust);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Trust> trust_;
};

}  // namespace collector::identity
