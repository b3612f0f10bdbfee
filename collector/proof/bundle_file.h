// Inside this room only: the bytes of a bundle, written and read item by item.

#pragma once

#include <deskledger/v1/evidence.pb.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/crypto/digest.h"

namespace collector::proof {

namespace v1 = deskledger::v1;

// A file that appears under its name when it is finished, and never otherwise.
class BundleWriter {
 public:
  // conflict if `path` exists.
  [[nodiscard]] static base::Result<BundleWriter> create(const std::filesystem::path& path);
  BundleWriter(BundleWriter&& other) noexcept;
  BundleWriter& operator=(BundleWriter&&) = delete;
  // Removes what was not finished.
  ~BundleWriter();

  // What fails is told by finish().
  void add(const v1::EvidenceItem& item);
  // Adds the last item.
  [[nodiscard]] base::Status finish();

 private:
  BundleWriter(std::filesystem::path path, int descriptor);
  void put(const std::string& bytes);
  void flush();

  std::filesystem::path path_;
  std::filesystem::path part_;
  int descriptor_;
  int failed_ = 0;  // errno of the first write that did.
  std::string buffer_;
  crypto::Sha256 sha_;
  std::uint64_t items_ = 0;
};

class BundleReader {
 public:
  // not_found, or unavailable with the system's reason.
  [[nodiscard]] static base::Result<BundleReader> open(const std::filesystem::path& path);

  // False behind the last item, and when something is wrong: damage() then says what.
  bool next(v1::EvidenceItem& item);
  const std::string& damage() const { return damage_; }
  // Where the item that was read last ends in the file.
  std::uint64_t position() const { return position_; }

  // 32 bytes of the file, somewhere before position(); all zero if it has none there.
  crypto::Digest digest_at(std::uint64_t position);

 private:
  BundleReader(std::ifstream file, std::ifstream lookup);
  std::optional<std::size_t> read_length();
  bool damaged(const std::string& why);
  bool ends(const v1::EvidenceEnd& end);

  std::ifstream file_;
  std::ifstream lookup_;
  crypto::Sha256 sha_;
  std::string head_;  // The length's bytes of the item at hand.
  std::string bytes_;
  std::uint64_t items_ = 0;
  std::uint64_t position_ = 0;
  std::string damage_;
};

}  // namespace collector::proof
