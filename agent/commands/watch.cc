// watch_status(): the agent's folder is read again and again; it is never written.

#include <ostream>
#include <utility>

#include "agent/commands/status.h"
#include "agent/commands/words.h"

namespace agent::commands {

namespace {

// Clearing line by line while writing keeps the screen from flickering. What does not fit is left out,
// because a screen that scrolls cannot be drawn anew.
std::string redrawn(const std::string& text, const std::string& foot, std::size_t rows) {
  std::string out = "\x1b[H";
  std::size_t line = 1;
  for (const char c : text) {
    if (c == '\n') {
      out += "\x1b[K";
      if (++line + 1 >= rows && rows != 0) break;
    }
    out += c;
  }
  return out + "\x1b[K\n" + foot + "\x1b[J";
}

}  // namespace

int watch_status(const WatchOptions& options, const timing::Clock& clock, std::ostream& out) {
  std::string last;
  bool drawn = false;
  do {
    const auto view = load_view(options.directory);
    const auto now = clock.utc();
    const std::string trouble = view ? "" : "deskledger-agent: " + view.error().message + "\n";
    if (const auto screen = options.screen(); screen.can_redraw) {
      if (!std::exchange(drawn, true)) out << "\x1b[2J";
      const std::string foot = time_text(now) + " UTC. Ctrl-C ends.\x1b[K";
      out << redrawn(view ? status_text(*view, now) : trouble, foot, screen.rows) << std::flush;
      continue;
    }
    std::string text = trouble;
    if (view) text = options.json ? status_json(*view) + "\n" : status_text(*view, std::nullopt);
    if (text == last) continue;
    if (!options.json) out << "---- " << time_text(now) << " UTC ----\n";
    out << text << std::flush;
    last = std::move(text);
  } while (options.wait());
  if (drawn) out << "\n" << std::flush;  // What follows begins on a line of its own.
  return 0;
}

}  // namespace agent::commands
