// C2SP signed notes (https://c2sp.org/signed-note): a text, a blank line, and signature lines
// "\u2014 name base64(key id || signature)".
//
// Only Ed25519 signatures of one key are made and checked here; well-formed lines of other keys (a witness's)
// may stand beside it.

#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/crypto/ed25519.h"

namespace collector::proof {

// Who signs: a name and an Ed25519 public key.
struct NoteKey {
  std::string name;
  crypto::PublicKey key;

  bool operator==(const NoteKey&) const = default;

  // The first 4 bytes of SHA-256(name || 0x0A || 0x01 || key).
  std::string id() const;
  // "name+hex id+base64(0x01 || key)": what a person keeps to check notes later.
  std::string text() const;
  // invalid_argument unless the three parts fit each other.
  [[nodiscard]] static base::Result<NoteKey> parse(std::string_view text);
};

// Not empty, no blanks, control characters, '+', nor anything outside ASCII.
bool is_note_name(std::string_view name);

// `text` ends with LF and has no other control characters; `name` is a note name.
std::string sign_note(std::string_view text, const std::string& name, const crypto::SigningKey& key);

// The text of a note that bears a valid signature of `key`, LF at its end included. corrupt if the note is
// not of the form above or larger than kNoteBytesMax; unauthenticated if no signature of `key` is there or it
// does not hold.
[[nodiscard]] base::Result<std::string> open_note(std::string_view note, const NoteKey& key);

inline constexpr std::size_t kNoteBytesMax = 16 * 1024;

}  // namespace collector::proof
