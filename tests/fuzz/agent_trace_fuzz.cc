// Any bytes as lines of a trace or of connection_trace.txt: nothing crashes, every view points into its line,
// every line is counted once, and the stem of a message is short ASCII.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "agent/trace/connection_trace.h"
#include "agent/trace/header.h"
#include "agent/trace/parse.h"
#include "agent/trace/unknown_stems.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void require_within(std::string_view part, std::string_view line) {
  if (part.empty()) return;
  const std::less_equal<const char*> before;
  require(before(line.data(), part.data()) && before(part.data() + part.size(), line.data() + line.size()));
}

void one_line(std::string_view line, std::uint64_t offset, agent::trace::TraceCounters& counters) {
  const std::uint64_t matched = counters.matched;
  const auto header = agent::trace::parse_header(line);
  const auto event = agent::trace::parse(line, offset, counters);
  require(header.has_value() == (counters.matched == matched + 1));
  if (header) {
    for (const std::string_view part : {header->app, header->module, header->message})
      require_within(part, line);
  }
  if (event) {
    require(header && event->at == header->at && event->pid == header->pid && event->offset == offset);
    require_within(event->app, line);
    require_within(event->text, line);
    require(event->text.size() <= agent::trace::kTextBytesMax);
  }
  if (const auto connection = agent::trace::parse_connection_line(line)) {
    for (const std::string_view part : {connection->status, connection->alias, connection->id}) {
      require_within(part, line);
    }
  }
  const std::string stem = agent::trace::stem_of(line);
  require(!stem.empty() && stem.size() <= agent::trace::kStemBytesMax);
  require(std::ranges::all_of(stem, [](char c) { return c >= ' ' && c <= '~'; }));
  require(std::ranges::none_of(stem, [](char c) { return c >= '0' && c <= '9'; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The fuzzer's bytes are text here; no cast but this one turns them into it.
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  agent::trace::TraceCounters counters;
  std::uint64_t lines = 0;
  for (std::size_t at = 0; at < bytes.size(); ++lines) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    one_line(bytes.substr(at, end - at), at, counters);
    at = end + 1;
  }
  require(counters.lines == lines);
  require(counters.lines == counters.matched + counters.blank + counters.malformed);
  require(counters.unknown_stems.counts().size() <= agent::trace::kStemsMax + 1);
  std::uint64_t unknown = 0;
  for (const auto& [stem, count] : counters.unknown_stems.counts()) unknown += count;
  require(unknown == counters.unknown_session);
  return 0;
}
