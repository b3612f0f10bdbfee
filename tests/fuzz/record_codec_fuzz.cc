// Any bytes as the compressed body of a batch: nothing crashes, what comes out is of the declared size, and a
// bomb gets no memory beyond it. What we compress comes back.

#include <sanitizer/allocator_interface.h>
#include <zstd.h>

#include <atomic>
#include <string>

#include "common/record/codec.h"
#include "common/record/limits.h"
#include "tests/fuzz/input.h"

namespace {

using fuzz::require;

// Of one call, freed or not. zstd's own state is 160 KiB at most.
constexpr std::size_t kBesides = std::size_t{512} * 1024;
std::atomic<std::size_t> asked_for = 0;

void count(const volatile void*, std::size_t size) {
  asked_for += size;
}
void ignore(const volatile void*) {}

void inflate(std::string_view frame, std::size_t declared) {
  asked_for = 0;
  const auto bytes = record::decompress(frame, declared);
  require(asked_for <= declared + kBesides);
  require(!bytes || bytes->size() == declared);
  require(bytes || bytes.error().code == base::ErrorCode::corrupt);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int counting = __sanitizer_install_malloc_and_free_hooks(count, ignore);
  require(counting > 0);
  fuzz::Input input{data, size};
  const std::size_t declared = input.number(3) % (record::kBatchBytesMax + 1);
  inflate(input.rest(), declared);
  // An honest sender declares what its frame says.
  const auto said = ZSTD_getFrameContentSize(input.rest().data(), input.rest().size());
  if (said <= record::kBatchBytesMax) inflate(input.rest(), said);
  const auto frame = record::compress(input.rest());
  require(frame && record::decompress(*frame, input.rest().size()) == std::string{input.rest()});
  return 0;
}
