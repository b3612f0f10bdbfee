#include "agent/identity/identity.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "common/crypto/secret_file.h"
#include "tests/support/net/certificates.h"

namespace {

using namespace agent::identity;
using base::ErrorCode;
using testing::HasSubstr;

class IdentityFiles : public testing::Test {
 protected:
  IdentityFiles() {
    folder = std::filesystem::path{testing::TempDir()} /
             ("identity_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  ~IdentityFiles() override { std::filesystem::remove_all(folder); }

  Identity sample() const {
    return {.agent_id = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value(),
            .epoch = 3,
            .workstation = "WS-07",
            .collector_host = "collector.example.com",
            .collector_port = 7444,
            .collector_key = key.public_key()};
  }
  void write(const std::filesystem::path& path, const std::string& contents) const {
    std::ofstream{path, std::ios::binary} << contents;
  }

  std::filesystem::path folder;
  crypto::SigningKey key = crypto::SigningKey::generate().value();
};

TEST_F(IdentityFiles, ComesBackAsItWasSaved) {
  const std::vector<std::string> names{"WS-07",
                                       "",
                                       "\"; epoch = 9 #",
                                       "back\\slash \\u0041 \\\"",
                                       "two\nlines\r\n\ttab",
                                       std::string("nul\0 escape\x1b delete\x7f", 20),
                                       "\xce\x91\xce\xb8\xce\xae\xce\xbd\xce\xb1 \xf0\x9f\x98\x80",
                                       "'''",
                                       "\"\"\"",
                                       std::string(300, '\\')};
  for (const auto& name : names) {
    Identity identity = sample();
    identity.workstation = name;
    identity.collector_host = name + "x";
    ASSERT_TRUE(save(folder, identity));
    const auto loaded = load(folder);
    ASSERT_TRUE(loaded) << name << ": " << loaded.error().message;
    EXPECT_EQ(loaded->agent_id, identity.agent_id);
    EXPECT_EQ(loaded->epoch, 3u);
    EXPECT_EQ(loaded->workstation, name);
    EXPECT_EQ(loaded->collector_host, name + "x");
    EXPECT_EQ(loaded->collector_port, 7444);
    EXPECT_EQ(loaded->collector_key, identity.collector_key);
  }
#ifndef _WIN32  // There the access list counts, which secret_file_test.cc looks at.
  EXPECT_EQ(std::filesystem::status(files_in(folder).identity).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
#endif
}

TEST_F(IdentityFiles, BytesThatAreNoTextBecomeSome) {
  Identity identity = sample();
  identity.workstation = "M\xfcller";
  ASSERT_TRUE(save(folder, identity));
  EXPECT_EQ(load(folder).value().workstation, "M\xef\xbf\xbdller");
}

TEST_F(IdentityFiles, SaysThatItIsNotEnrolledAndWhatToDo) {
  for (const auto& where : {folder, folder / "none"}) {
    const auto loaded = load(where);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::not_found);
    EXPECT_THAT(loaded.error().message, HasSubstr("not enrolled"));
    EXPECT_THAT(loaded.error().message, HasSubstr("deskledger-agent enroll --collector"));
  }
}

TEST_F(IdentityFiles, NamesWhatIsWrong) {
  const auto path = files_in(folder).identity;
  ASSERT_TRUE(save(folder, sample()));
  std::ifstream in{path};
  const std::string good{std::istreambuf_iterator<char>{in}, {}};
  const auto without = [&](const std::string& key_name) {
    const auto at = good.find("\n" + key_name) + 1;
    return good.substr(0, at) + good.substr(good.find('\n', at) + 1);
  };
  const struct {
    std::string what, contents, says;
  } rows[] = {
      {"empty", "", "agent id"},
      {"no TOML", "agent_id = \n", ":1:"},
      {"NULs, as after a power cut", std::string(200, '\0'), "identity.toml"},
      {"no agent", without("agent_id"), "agent id"},
      {"no host", without("collector_host"), "'collector_host' is missing"},
      {"no key", without("collector_key"), "identity.toml"},
      {"another option", good + "colour = 1\n", "'colour' is no option"},
      {"a port too large", good.substr(0, good.find("7444")) + "70000\ncollector_key=\"\"\n", "65535"},
      {"the first half", good.substr(0, good.size() / 2), "identity.toml"},
  };
  for (const auto& row : rows) {
    write(path, row.contents);
    const auto loaded = load(folder);
    ASSERT_FALSE(loaded) << row.what;
    EXPECT_NE(loaded.error().code, ErrorCode::not_found) << row.what << ": it is enrolled, and damaged";
    EXPECT_THAT(loaded.error().message, HasSubstr("identity.toml")) << row.what;
    EXPECT_THAT(loaded.error().message, HasSubstr(row.says)) << row.what;
  }
}

TEST_F(IdentityFiles, CredentialsAreLoadedOrNamed) {
  const support::TestAuthority ca;
  const auto own = ca.client("000102030405060708090a0b0c0d0e0f");
  const auto files = files_in(folder);
  const auto write_all = [&] {
    write(files.ca_certificate, ca.certificate().pem());
    write(files.tls_certificate, own.certificate.pem());
    ASSERT_TRUE(own.key.save(files.tls_key));
    ASSERT_TRUE(key.save(files.record_key));
  };
  write_all();
  const auto loaded = load_credentials(folder);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->trusted.at(0).digest(), ca.certificate().digest());
  EXPECT_EQ(loaded->own.digest(), own.certificate.digest());
  EXPECT_EQ(loaded->record_key.public_key(), key.public_key());
  for (const auto& file : {files.ca_certificate, files.tls_certificate, files.tls_key, files.record_key}) {
    std::filesystem::remove(file);
    auto failed = load_credentials(folder);
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().message, HasSubstr(file.string()));
    ASSERT_TRUE(crypto::write_secret_file(file, "-----BEGIN NONSENSE-----\n"));
    failed = load_credentials(folder);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::corrupt);
    EXPECT_THAT(failed.error().message, HasSubstr(file.filename().string()));
    write_all();
  }
}

}  // namespace
