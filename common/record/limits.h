// How large a batch or a list may be. Part of the wire format (docs/formats/wire.md): an agent never makes a
// larger one, a collector refuses it. Raising a number needs collectors that take it before agents that send
// it.

#pragma once

#include <cstddef>
#include <cstdint>

namespace record {

inline constexpr std::uint32_t kBatchRecordsMax = 512;
// Of the serialised RecordList, before compression. The compressed body may not be larger either.
inline constexpr std::size_t kBatchBytesMax = std::size_t{256} * 1024;
// Of one record's body. The largest fact there is today is about 1 KiB.
inline constexpr std::size_t kRecordBytesMax = std::size_t{64} * 1024;
// A RecordList below this goes as it is: it fits into one packet anyway, and setting zstd up costs either end
// as much as all else of the batch but its signature.
inline constexpr std::size_t kCompressedFromBytes = 1024;
// How many times smaller than the RecordList the compressed body may be. Real facts compress 4 to 20 times.
inline constexpr std::size_t kInflateRatioMax = 200;
// Batches an agent may have sent without an answer.
inline constexpr std::uint32_t kWindowMax = 4;
// Registered terminals that fit into one Terminals frame: 512 KiB of the 1 MiB a message may have.
inline constexpr std::size_t kTerminalsMax = 65'536;

}  // namespace record
