// certs-example/ is what its README says, and nothing that ships knows of it.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/crypto/authority.h"
#include "tests/source_root.h"

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SOURCE_ROOT;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

TEST(CertsExample, IsAPrivateCaWithAServerAndAClient) {
  const auto folder = kRoot / "certs-example";
  const auto certificate = [&](const char* name) {
    return crypto::Certificate::from_pem(read(folder / name)).value();
  };
  const auto key = [&](const char* name) { return crypto::TlsKey::from_pem(read(folder / name)).value(); };
  const auto ca = certificate("ca.pem"), server = certificate("server.pem"),
             client = certificate("client.pem");
  EXPECT_TRUE(crypto::Authority::adopt(ca, key("ca.key")));
  EXPECT_TRUE(server.is_issued_by(ca));
  EXPECT_TRUE(client.is_issued_by(ca));
  EXPECT_TRUE(key("server.key").is_for(server));
  EXPECT_TRUE(key("client.key").is_for(client));
  EXPECT_EQ(server.names(), (std::vector<std::string>{"collector.example", "localhost", "127.0.0.1"}));
  EXPECT_EQ(client.common_name(), "000102030405060708090a0b0c0d0e0f");
}

TEST(CertsExample, NothingThatShipsRefersToIt) {
  for (const char* part : {"agent", "collector", "common", "installers", "proto"}) {
    for (const auto& entry : fs::recursive_directory_iterator{kRoot / part}) {
      if (!entry.is_regular_file()) continue;
      EXPECT_EQ(read(entry.path()).find("certs-example"), std::string::npos) << entry.path();
    }
  }
}

}  // namespace
