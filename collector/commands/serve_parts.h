// What `serve` builds from the configuration before it opens its port.

#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "collector/commands/config.h"
#include "collector/pipeline/send_mails.h"
#include "collector/pipeline/settings.h"
#include "common/base/result.h"
#include "common/timing/clock.h"

namespace collector::commands {

pipeline::Settings pipeline_settings(const Config& config);

// One for each mail account, each with a connection of its own; none for transport "none": mails wait then.
// Mails of accounts that are no longer configured go to the first one. `clock` must outlive them.
[[nodiscard]] base::Result<std::vector<pipeline::Sender>> make_senders(const Config& config,
                                                                       const timing::Clock& clock);

// Holds a file's lock for as long as it lives; made if it is not there. The system takes the lock back from a
// process that ends.
class FileLock {
 public:
  // conflict with the message `busy` if another process holds it.
  [[nodiscard]] static base::Result<FileLock> take(const std::filesystem::path& path, std::string busy);
  FileLock(FileLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_{descriptor} {}
  int descriptor_;
};

// Whoever changes the pki folder holds this file's lock.
std::filesystem::path ca_lock_file(const std::filesystem::path& pki_folder);

// `serve.lock` in the configuration's folder. conflict if another collector serves this folder.
[[nodiscard]] base::Result<FileLock> take_serve_lock(const std::filesystem::path& directory);

}  // namespace collector::commands
