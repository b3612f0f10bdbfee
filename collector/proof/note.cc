#include "collector/proof/note.h"

#include <algorithm>
#include <optional>

#include "collector/proof/base64.h"
#include "common/base/hex.h"
#include "common/base/utf8.h"

namespace collector::proof {

using base::ErrorCode;
using base::fail;

namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";
constexpr char kEd25519 = 0x01;
constexpr std::size_t kIdBytes = 4;
constexpr int kSignaturesMax = 16;

std::string typed(const crypto::PublicKey& key) {
  return kEd25519 + std::string{key.bytes()};
}

struct SignatureLine {
  std::string_view name;
  std::string id;
  std::string signature;
};

// One line without its LF; nothing if it is none.
std::optional<SignatureLine> read_line(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos || !is_note_name(line.substr(0, blank))) return std::nullopt;
  const auto bytes = from_base64(line.substr(blank + 1));
  if (!bytes || bytes->size() <= kIdBytes) return std::nullopt;
  return SignatureLine{
      .name = line.substr(0, blank), .id = bytes->substr(0, kIdBytes), .signature = bytes->substr(kIdBytes)};
}

bool is_note_text(std::string_view note) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  return std::ranges::none_of(note, control) && base::is_utf8(note);
}

}  // namespace

bool is_note_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '+'; });
}

std::string NoteKey::id() const {
  return std::string{crypto::sha256(name + '\n' + typed(key)).bytes().substr(0, kIdBytes)};
}

std::string NoteKey::text() const {
  return name + '+' + base::to_hex(id()) + '+' + to_base64(typed(key));
}

base::Result<NoteKey> NoteKey::parse(std::string_view text) {
  const auto refuse = [&] {
    return fail(ErrorCode::invalid_argument, "'" + std::string{text} + "' is no verifier key of a log");
  };
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos || !is_note_name(text.substr(0, first))) return refuse();
  const auto bytes = from_base64(text.substr(second + 1));
  if (!bytes || bytes->empty() || bytes->front() != kEd25519) return refuse();
  const auto key = crypto::PublicKey::from_bytes(std::string_view{*bytes}.substr(1));
  if (!key) return refuse();
  NoteKey parsed{.name = std::string{text.substr(0, first)}, .key = *key};
  if (parsed.text() != text) return refuse();
  return parsed;
}

std::string sign_note(std::string_view text, const std::string& name, const crypto::SigningKey& key) {
  const NoteKey signer{.name = name, .key = key.public_key()};
  std::string note{text};
  note += '\n';
  note += kDash;
  note += name + ' ' + to_base64(signer.id() + key.sign(text)) + '\n';
  return note;
}

base::Result<std::string> open_note(std::string_view note, const NoteKey& key) {
  const auto corrupt = [](const char* why) { return fail(ErrorCode::corrupt, why); };
  if (note.size() > kNoteBytesMax) return corrupt("the note is too large");
  if (!note.ends_with('\n') || !is_note_text(note)) return corrupt("the note is no text of whole lines");
  // The last blank line: extension lines of the text are never empty.
  const auto blank = note.rfind("\n\n");
  if (blank == std::string_view::npos) return corrupt("the note has no signature lines");
  const auto text = note.substr(0, blank + 1);
  auto rest = note.substr(blank + 2);
  if (rest.empty()) return corrupt("the note has no signature lines");
  int lines = 0;
  bool signed_by_key = false;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = read_line(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    if (!line || ++lines > kSignaturesMax) return corrupt("the note has a line that is no signature");
    if (line->name != key.name || line->id != key.id()) continue;
    if (signed_by_key || !crypto::verify(key.key, text, line->signature)) {
      return fail(ErrorCode::unauthenticated, "the signature of " + key.name + " does not hold");
    }
    signed_by_key = true;
  }
  if (!signed_by_key) {
    return fail(ErrorCode::unauthenticated, "the note bears no signature of the key " + key.text());
  }
  return std::string{text};
}

}  // namespace collector::proof
