#include "tests/support/trace/writer.h"

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace support::trace {

namespace {

std::string right(std::string_view text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ') + std::string{text};
}

}  // namespace

std::string Edition::version() const {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

bool Edition::at_least(int want_major, int want_minor, int want_patch) const {
  return std::tie(major, minor, patch) >= std::tie(want_major, want_minor, want_patch);
}

std::string Edition::service_app() const {
  if (system == System::linux_deb) return installed ? "service" : "local_svc";
  return installed ? "gsvc" : "lsvc";
}

std::string Edition::window_app() const {
  return system == System::linux_deb ? "frontend" : "front";
}

std::string Edition::backend_app() const {
  return system == System::linux_deb ? "backend" : "back";
}

timing::UtcMs Writer::shown(timing::UtcMs at) const {
  timing::UtcMs shown = at;
  for (const Jump& jump : jumps_) {
    if (at >= jump.from) shown += std::chrono::milliseconds{jump.ms};
  }
  return shown;
}

std::string Writer::shown_time(timing::UtcMs at) const {
  std::string text = timing::to_rfc3339(shown(at));
  text[10] = ' ';
  text.pop_back();
  return text;
}

void Writer::line(timing::UtcMs at, const Process& process, std::uint32_t fiber, std::string_view module,
                  std::string_view message, std::string_view level) {
  std::string text = right(level, 7) + " " + shown_time(at) + " " + right(process.app, 10) + " ";
  if (edition_.system != System::windows) {
    const bool blank = edition_.system == System::macos && !edition_.at_least(6);
    text += right(blank ? "" : thread_ ? thread_() : "main", 6) + " ";
  }
  text += right(std::to_string(process.pid), 6) + " " + right(std::to_string(process.tid), 6) + " ";
  text += right(fiber == 0 ? "" : std::to_string(fiber), 4) + " " + right(module, 32) + " - ";
  raw(at, text + std::string{message}, process.pid);
}

void Writer::raw(timing::UtcMs at, std::string_view text, std::uint32_t pid) {
  std::string entry{text};
  if (!entry.ends_with('\0')) entry += edition_.system == System::windows ? "\r\n" : "\n";
  entries_.push_back({at, next_order_++, pid, std::move(entry)});
}

void Writer::drop_after(std::uint32_t pid, timing::UtcMs at) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.pid == pid && entry.at > at; });
}

std::vector<Writer::Entry> Writer::entries() const {
  std::vector<Entry> sorted = entries_;
  std::ranges::sort(sorted, [](const Entry& a, const Entry& b) {
    return std::tie(a.at, a.order) < std::tie(b.at, b.order);
  });
  return sorted;
}

std::string Writer::text() const {
  std::string out;
  for (const Entry& entry : entries()) out += entry.text;
  return out;
}

}  // namespace support::trace
