// What former versions said on the wire, byte for byte (tests/data/wire).

#pragma once

#include <wire/0.1/wire.pb.h>

#include <string>
#include <string_view>
#include <vector>

namespace support {

namespace wire0_1 = deskledger::wire0_1;

// The message of version 0.1 with that name: "hello", "ack_busy". Throws if there is none.
std::string said_by_0_1(std::string_view name);

// The ten records of its batches.
std::vector<std::string> records_of_0_1();

// `bytes` as version 0.1 reads them. Throws if it cannot.
wire0_1::Frame read_by_0_1(const std::string& bytes);

}  // namespace support
