// Any bytes as what a verifier is given: a signed note, a checkpoint, keys, an exported bundle. Nothing
// crashes, only what bears the key's signature is taken, and what is read is written again as it was.
//
// The first byte says what the bytes are; a note's text may be signed by the target, so that what is inside
// is explored, too.

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "collector/proof/bundle_file.h"
#include "collector/proof/checkpoint.h"
#include "collector/proof/keys.h"
#include "tests/fuzz/input.h"

namespace {

using fuzz::require;
namespace proof = collector::proof;

enum class Part { note, signed_text, key, keys, bundle, kinds };

const std::string kOrigin = "collector.example/log";

const crypto::SigningKey& key() {
  static const auto made = crypto::SigningKey::from_seed(std::string(32, 'k')).value();
  return made;
}

proof::NoteKey note_key() {
  return {.name = kOrigin, .key = key().public_key()};
}

void check_note(std::string_view note) {
  const auto text = proof::open_note(note, note_key());
  // What holds was signed: nobody but the target has the key.
  require(!text || proof::sign_note(*text, kOrigin, key()).starts_with(*text));
  const auto checkpoint = proof::open_checkpoint(note, note_key());
  require(!checkpoint || (text && proof::checkpoint_text(*checkpoint) == *text));
  require(!checkpoint || checkpoint->origin == kOrigin);
}

void check_bundle(std::string_view bytes) {
  static const int file = ::memfd_create("bundle", MFD_CLOEXEC);
  require(file >= 0 && ::ftruncate(file, 0) == 0);
  require(::pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  auto reader = proof::BundleReader::open("/proc/self/fd/" + std::to_string(file));
  if (!reader) return;
  proof::v1::EvidenceItem item;
  std::size_t items = 0;
  while (reader->next(item)) require(++items <= bytes.size());
  require(reader->position() <= bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const auto part = static_cast<Part>(input.number(1) % static_cast<unsigned>(Part::kinds));
  const std::string bytes{input.rest()};
  switch (part) {
    case Part::note: check_note(bytes); break;
    case Part::signed_text: {
      const std::string text = bytes + "\n";
      check_note(proof::sign_note(text, kOrigin, key()));
      break;
    }
    case Part::key: {
      const auto parsed = proof::NoteKey::parse(bytes);
      require(!parsed || proof::NoteKey::parse(parsed->text()) == *parsed);
      break;
    }
    case Part::keys: {
      const auto keys = proof::parse_keys(bytes);
      if (!keys) break;
      // What a person wrote behind an agent's key is written without control characters.
      const auto again = proof::parse_keys(proof::keys_text(*keys));
      require(again && proof::keys_text(*again) == proof::keys_text(*keys));
      require(again->agents.size() == keys->agents.size() && again->log == keys->log);
      break;
    }
    default: check_bundle(bytes);
  }
  return 0;
}
