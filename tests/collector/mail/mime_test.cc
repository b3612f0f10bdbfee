// Done-when 3 of the mails: both parts are valid MIME, whatever somebody wrote, as a parser that is not ours
// reads them.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "collector/mail/render.h"
#include "tests/collector/mail/goldens.h"
#include "tests/collector/mail/sample.h"
#include "tests/source_root.h"
#include "tests/support/process/process.h"

namespace collector::mail {
namespace {

namespace fs = std::filesystem;

class MimeTest : public testing::Test {
 protected:
  MimeTest() {
    std::string name = (fs::temp_directory_path() / "deskledger-mime-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~MimeTest() override { fs::remove_all(folder_); }

  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream{folder_ / name, std::ios::binary} << bytes;
  }

  void keep(const Golden& golden) const {
    const auto rendered = render(golden.input, shipped(golden.input.kind, golden.input.language)).value();
    put(golden.name + ".eml", composed(golden.input));
    put(golden.name + ".subject", rendered.subject);
    put(golden.name + ".text", rendered.text);
    put(golden.name + ".html", rendered.html);
    put(golden.name + ".to", golden.input.recipient);
  }

  support::Finished read() const {
    return support::run(
        {"/usr/bin/python3", SOURCE_ROOT "/tests/collector/mail/read_mails.py", folder_.string()});
  }

  fs::path folder_;
};

TEST_F(MimeTest, AnIndependentParserReadsEveryMailAsItWasMeant) {
  std::size_t mails = 0;
  for (const auto& all : {goldens(), hostile_mails()}) {
    for (const auto& golden : all) {
      keep({std::to_string(mails) + "_" + golden.name, golden.input});
      ++mails;
    }
  }
  const auto read = this->read();
  EXPECT_EQ(read.exit_code, 0) << read.out << read.err;
  EXPECT_EQ(read.out, std::to_string(mails) + " mails read\n");
}

// So that the test above can fail.
TEST_F(MimeTest, TheIndependentParserSeesWhatIsWrong) {
  keep(goldens().front());
  const auto name = goldens().front().name;
  put(name + ".subject", "something else");
  EXPECT_NE(read().out.find("the subject reads"), std::string::npos);
  keep(goldens().front());
  auto raw = composed(goldens().front().input);
  raw.insert(raw.find("To: "), "Bcc: x@y.example\r\n");
  put(name + ".eml", raw);
  EXPECT_NE(read().out.find("headers that are not ours"), std::string::npos);
  raw.resize(raw.size() / 2);
  put(name + ".eml", raw);
  EXPECT_NE(read().out.find("defect of multipart/alternative"), std::string::npos);
}

}  // namespace
}  // namespace collector::mail
