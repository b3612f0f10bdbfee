#include "tests/support/wire/former_wire.h"

#include <fstream>
#include <stdexcept>

#include "common/base/hex.h"
#include "tests/source_root.h"

namespace support {

namespace {

std::ifstream open(const std::string& name) {
  std::ifstream in{SOURCE_ROOT "/tests/data/wire/0.1/" + name};
  if (!in) throw std::runtime_error{"0.1 said no " + name};
  return in;
}

}  // namespace

std::string said_by_0_1(std::string_view name) {
  auto in = open(std::string{name} + ".hex");
  std::string hex;
  for (std::string line; std::getline(in, line);) hex += line;
  return base::from_hex(hex).value();
}

std::vector<std::string> records_of_0_1() {
  auto in = open("records.txt");
  std::vector<std::string> records;
  for (std::string line; std::getline(in, line);) records.push_back(line);
  return records;
}

wire0_1::Frame read_by_0_1(const std::string& bytes) {
  wire0_1::Frame frame;
  if (!frame.ParseFromString(bytes)) throw std::runtime_error{"0.1 could not read this"};
  return frame;
}

}  // namespace support
