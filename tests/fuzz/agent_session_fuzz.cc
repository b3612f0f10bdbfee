// Any bytes as a trace file: nothing crashes, memory stays bounded, and a restart after any line changes
// nothing.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/session/builder.h"
#include "agent/tail/line_splitter.h"
#include "agent/trace/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The fuzzer's bytes are text here; no cast but this one turns them into it.
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  agent::session::Builder steady{"fuzz"}, restarted{"fuzz"};
  agent::trace::TraceCounters counters;
  const auto take = [&](const agent::tail::Line& line) {
    const auto event = agent::trace::parse(line.text, line.offset, counters);
    if (!event) return;
    if (steady.add(*event) != restarted.add(*event)) std::abort();
    auto loaded = agent::session::Builder::load(restarted.save());
    if (!loaded || !(*loaded == steady)) std::abort();
    restarted = std::move(*loaded);
  };
  agent::tail::LineSplitter splitter{0, false};
  splitter.feed(bytes, take);
  splitter.finish(take);
  if (counters.lines != counters.matched + counters.blank + counters.malformed) std::abort();
  for (const auto& snapshot : steady.open_sessions()) {
    if (snapshot.key.empty()) std::abort();
  }
  // Stored state is read from a disk, so it is untrusted too.
  (void)agent::session::Builder::load(bytes);
  return 0;
}
