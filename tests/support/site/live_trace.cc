#include "tests/support/site/live_trace.h"

#include <algorithm>
#include <stdexcept>

#include "tests/support/process/eventually.h"

namespace support {

LiveTrace::LiveTrace(const Site& site, std::string text, trace::CutRule cut, std::uint64_t seed)
    : site_{site}, text_{std::move(text)}, file_{site.trace(), cut}, random_{seed} {}

void LiveTrace::write_piece(std::size_t end) {
  const auto bytes = std::uniform_int_distribution<std::size_t>{1, 3'000}(random_);
  const std::size_t size = std::min(bytes, end - written_);
  if (const auto done = file_.append(std::string_view{text_}.substr(written_, size)); !done) {
    throw std::runtime_error{done.error().message};
  }
  written_ += size;
}

std::uint64_t LiveTrace::read_by_agent() const {
  const auto status = site_.agent_status();
  const auto& sources = status.at("sources").as_array();
  return sources.empty() ? 0 : sources.front().as_object().at("read_bytes").to_number<std::uint64_t>();
}

void LiveTrace::write_to(std::size_t offset) {
  while (written_ < offset) {
    if (written_ - std::min(read_, written_) > kUnreadBytesMax) {
      const bool follows = eventually([&] {
        read_ = read_by_agent();
        return written_ - std::min(read_, written_) <= kUnreadBytesMax / 2;
      });
      if (!follows) {
        throw std::runtime_error{"the agent has read " + std::to_string(read_) + " of " +
                                 std::to_string(written_) +
                                 " bytes: " + read_file(site_.folder() / "agent.log")};
      }
    }
    write_piece(offset);
  }
}

void LiveTrace::write_blindly_to(std::size_t offset) {
  while (written_ < offset) write_piece(offset);
}

}  // namespace support
