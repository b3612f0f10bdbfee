// Any bytes as a trace file of unknown encoding: nothing crashes, memory stays bounded, the lines do not
// depend on where blocks begin and end, and what was written as UTF-16LE is read as it was written, holes and
// cuts included.
//
// The first bytes of the input choose the block sizes, the rest is used twice: as the file, and as text for
// one.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "agent/tail/line_splitter.h"
#include "common/base/utf8.h"
#include "tests/agent/tail/utf16.h"

namespace {

using agent::tail::Encoding;
using agent::tail::LineSplitter;
using agent::tail::Rest;
using agent::tail::testing::next_character;
using agent::tail::testing::utf16_bytes;

constexpr std::size_t kChoices = 8;
using Choices = std::array<std::uint8_t, kChoices>;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Read {
  std::string text;
  std::uint64_t offset = 0;
  bool overlong = false;
  bool partial = false;
  bool operator==(const Read&) const = default;
};

struct Whole {
  std::vector<Read> lines;
  Encoding encoding = Encoding::undecided;
  std::uint64_t nul_bytes = 0;
  bool operator==(const Whole&) const = default;
};

// `blocks`: sizes taken in turn; 0 is the rest.
Whole read(std::string_view bytes, const Choices& blocks, bool skip_first, Encoding known) {
  Whole whole;
  LineSplitter splitter{7, skip_first, known};
  const auto take = [&](const agent::tail::Line& line) {
    require(line.text.size() <= agent::tail::kLineBytesMax);
    require(line.text.find('\0') == std::string_view::npos && line.text.find('\n') == std::string_view::npos);
    if (!whole.lines.empty()) require(line.offset > whole.lines.back().offset);
    if (splitter.encoding() == Encoding::utf16le) require(base::is_utf8(line.text));
    whole.lines.push_back({std::string{line.text}, line.offset, line.overlong, line.partial});
  };
  std::size_t turn = 0;
  while (!bytes.empty()) {
    const std::size_t wanted = blocks[turn++ % blocks.size()];
    const std::string_view block = bytes.substr(0, wanted == 0 ? bytes.size() : wanted);
    splitter.feed(block, take);
    bytes.remove_prefix(block.size());
  }
  splitter.finish(take);
  whole.encoding = splitter.encoding();
  whole.nul_bytes = splitter.take_nul_bytes();
  return whole;
}

constexpr Choices kAtOnce{};

void blocks_change_nothing(std::string_view bytes, const Choices& choices) {
  constexpr Choices kByteByByte{1, 1, 1, 1, 1, 1, 1, 1};
  for (const Encoding known : {Encoding::undecided, Encoding::eight_bit, Encoding::utf16le}) {
    for (const bool skip_first : {false, true}) {
      const Whole whole = read(bytes, kAtOnce, skip_first, known);
      require(whole == read(bytes, choices, skip_first, known));
      require(whole == read(bytes, kByteByByte, skip_first, known));
      if (known == Encoding::undecided) {
        const auto sniffed = agent::tail::sniff(bytes, Rest::none);
        require(whole.encoding == sniffed.encoding);
        if (sniffed.encoding == Encoding::eight_bit) {
          require(whole == read(bytes, kAtOnce, skip_first, Encoding::eight_bit));
        }
      }
    }
  }
}

// What was decided stands when more bytes come.
void decisions_stand(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 2 * agent::tail::kSniffBytesMax);
  const auto last = agent::tail::sniff(head, Rest::follows);
  bool decided = false;
  for (std::size_t length = 0; length <= head.size(); length += 1 + length / 16) {
    const auto now = agent::tail::sniff(head.substr(0, length), Rest::follows);
    require(!decided || now.encoding != Encoding::undecided);
    decided = decided || now.encoding != Encoding::undecided;
    if (decided) require(now == last);
  }
}

// Lines of well-formed text that utf16_line.h promises to give back: no NUL, no byte order mark in front,
// nothing that looks like a shifted LF, and a first character that is seen behind a hole.
std::vector<std::string> text_lines(std::string_view bytes) {
  std::string text = base::to_valid_utf8(bytes);
  std::string clean;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view before = rest;
    const char32_t character = next_character(rest);
    const bool gurmukhi_or_gujarati = character >= 0x0a00 && character <= 0x0aff;
    const bool lost = character == 0 || character == 0xfeff || gurmukhi_or_gujarati;
    clean += lost ? std::string_view{"?"} : before.substr(0, before.size() - rest.size());
  }
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t end = std::min(clean.find('\n', at), clean.size());
    lines.push_back(' ' + clean.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

void text_comes_back(std::string_view input, const Choices& choices) {
  const std::vector<std::string> lines = text_lines(input);
  const std::string_view line_end = choices[0] % 2 == 0 ? "\r\n" : "\n";
  const bool marked = choices[1] % 2 == 0;
  std::string bytes = marked ? "\xff\xfe" : "";
  std::vector<Read> expected;
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::uint64_t offset = 7 + (i == 0 ? 0 : bytes.size());
    // A hole of one byte is not told apart from a character.
    const std::size_t hole = choices[2 + i % (kChoices - 2)];
    if (hole > 1 && hole < 64) bytes.append(hole, '\0');
    bytes += utf16_bytes(lines[i]) + utf16_bytes(line_end);
    ends.push_back(bytes.size());
    std::string text = lines[i];
    if (line_end == "\n" && text.ends_with('\r')) text.pop_back();
    expected.push_back({std::move(text), offset, false, false});
  }
  // Without the mark the first line may show no sign.
  const Encoding known = marked ? Encoding::undecided : Encoding::utf16le;
  require(read(bytes, kAtOnce, false, known).lines == expected);
  require(read(bytes, choices, false, known).lines == expected);

  // After a cut inside the first line: the rest of it is dropped, whatever is left of its characters.
  if (lines.empty()) return;
  const std::size_t cut = choices[3] % (ends.front() - 1);
  auto cut_lines = read(std::string_view{bytes}.substr(cut), choices, true, Encoding::utf16le).lines;
  for (Read& line : cut_lines) line.offset += cut;
  expected.erase(expected.begin());
  require(cut_lines == expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kInputBytesMax = 16 * 1024;  // So that no line is overlong.
  if (size > kInputBytesMax) return 0;
  Choices choices{};
  const std::size_t chosen = std::min(size, kChoices);
  std::copy_n(data, chosen, choices.begin());
  // The fuzzer's bytes are text here; no cast but this one turns them into it.
  const std::string_view bytes{reinterpret_cast<const char*>(data) + chosen, size - chosen};
  decisions_stand(bytes);
  blocks_change_nothing(bytes, choices);
  text_comes_back(bytes, choices);
  return 0;
}
