// The machine's own files: POSIX or Windows, chosen by the build.

#pragma once

#include <memory>

#include "agent/tail/file.h"

namespace agent::tail {

// POSIX: O_RDONLY without following a link and, where allowed, without touching
// the access time. Windows: read access with READ, WRITE and DELETE sharing;
// paths are UTF-8.
std::unique_ptr<FileSystem> system_files();

}  // namespace agent::tail
