// What `serve` builds from the configuration before it opens its port.

#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "collector/commands/config.h"
#include "collector/identity/trust.h"
#include "collector/mail/transport.h"
#include "collector/pipeline/settings.h"
#include "common/base/result.h"
#include "common/crypto/ed25519.h"

namespace collector::commands {

struct Pki {
  std::shared_ptr<const identity::Trust> trust;
  crypto::SigningKey acknowledgement_key;
};

[[nodiscard]] base::Result<Pki> load_pki(const Config& config);

pipeline::Settings pipeline_settings(const Config& config);

// Null for transport "none".
[[nodiscard]] base::Result<std::unique_ptr<mail::Transport>> make_transport(const Config& config);

// Holds `serve.lock` in the configuration's folder for as long as it lives.
class ServeLock {
 public:
  // conflict if another collector serves this folder.
  [[nodiscard]] static base::Result<ServeLock> take(const std::filesystem::path& directory);
  ServeLock(ServeLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  ServeLock& operator=(ServeLock&&) = delete;
  ~ServeLock();

 private:
  explicit ServeLock(int descriptor) : descriptor_{descriptor} {}
  int descriptor_;
};

}  // namespace collector::commands
