#include "collector/proof/checkpoint.h"

#include <array>
#include <charconv>
#include <optional>

#include "collector/proof/base64.h"

namespace collector::proof {

namespace {

constexpr std::string_view kTime = "time ";
constexpr std::size_t kLines = 4;

std::optional<Checkpoint> read_text(std::string_view text) {
  std::array<std::string_view, kLines> lines;
  for (auto& line : lines) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const char* const size_end = lines[1].data() + lines[1].size();
  const auto size = std::from_chars(lines[1].data(), size_end, checkpoint.size);
  if (size.ec != std::errc{} || size.ptr != size_end) return std::nullopt;
  const auto root = from_base64(lines[2]);
  if (!root) return std::nullopt;
  const auto digest = crypto::Digest::from_bytes(*root);
  if (!digest) return std::nullopt;
  checkpoint.root = *digest;
  if (!lines[3].starts_with(kTime)) return std::nullopt;
  const auto time = timing::from_rfc3339(lines[3].substr(kTime.size()));
  if (!time) return std::nullopt;
  checkpoint.signed_at = *time;
  return checkpoint;
}

}  // namespace

std::string checkpoint_text(const Checkpoint& checkpoint) {
  return checkpoint.origin + '\n' + std::to_string(checkpoint.size) + '\n' +
         to_base64(checkpoint.root.bytes()) + '\n' + std::string{kTime} +
         timing::to_rfc3339(checkpoint.signed_at) + '\n';
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const crypto::SigningKey& key) {
  return sign_note(checkpoint_text(checkpoint), checkpoint.origin, key);
}

base::Result<Checkpoint> open_checkpoint(std::string_view note, const NoteKey& key) {
  const auto text = open_note(note, key);
  if (!text) return std::unexpected{text.error()};
  const auto checkpoint = read_text(*text);
  if (!checkpoint || checkpoint_text(*checkpoint) != *text) {
    return base::fail(base::ErrorCode::corrupt, "the signed text is no checkpoint");
  }
  if (checkpoint->origin != key.name) {
    return base::fail(base::ErrorCode::corrupt, "the checkpoint is of the log " + checkpoint->origin);
  }
  return *checkpoint;
}

}  // namespace collector::proof
