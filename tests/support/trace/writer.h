// Lines in the columns of AnyDesk's trace files (traces.md §2.1), for every system and version.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/timing/utc.h"

namespace support::trace {

enum class System { windows, linux_deb, macos };

struct Edition {
  System system = System::linux_deb;
  int major = 7;
  int minor = 1;
  int patch = 0;
  bool installed = true;  // As a service; else it runs as the window's own local service.

  std::string version() const;
  bool at_least(int want_major, int want_minor = 0, int want_patch = 0) const;
  std::string service_app() const;  // gsvc, lsvc, service, local_svc
  std::string window_app() const;   // front, frontend
  std::string backend_app() const;  // back, backend
};

// One process as its lines show it.
struct Process {
  std::string app;
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
};

// Collects lines with the moment they were written at and prints them in that
// order. `jump` sets the clock the lines show, not their order.
class Writer {
 public:
  explicit Writer(Edition edition) : edition_{edition} {}

  void line(timing::UtcMs at, const Process& process, std::uint32_t fiber, std::string_view module,
            std::string_view message, std::string_view level = "info");
  // Text that follows no grammar: separators, continuations, NUL bytes. No line end is added behind NUL
  // bytes.
  void raw(timing::UtcMs at, std::string_view text, std::uint32_t pid = 0);
  void jump(timing::UtcMs from, std::int64_t ms) { jumps_.push_back({from, ms}); }
  // What the clock of the machine shows at the true time `at`.
  timing::UtcMs shown(timing::UtcMs at) const;
  // The thread column of the lines that follow; else "main", or blank where the edition has none.
  void name_threads(std::function<std::string()> thread) { thread_ = std::move(thread); }
  // The process was killed: what it would have written after `at` it never wrote.
  void drop_after(std::uint32_t pid, timing::UtcMs at);

  // What is written at once: a line, lines of one message, or bytes.
  struct Entry {
    timing::UtcMs at;
    std::size_t order = 0;  // Among entries of the same moment.
    std::uint32_t pid = 0;  // Of the process that writes it; 0: not told.
    std::string text;
  };
  // In the order they are written.
  std::vector<Entry> entries() const;
  std::string text() const;

 private:
  struct Jump {
    timing::UtcMs from;
    std::int64_t ms;
  };

  std::string shown_time(timing::UtcMs at) const;

  Edition edition_;
  std::vector<Entry> entries_;
  std::vector<Jump> jumps_;
  std::function<std::string()> thread_;
  std::size_t next_order_ = 0;
};

}  // namespace support::trace
