// A child appends until it is killed, again and again: what append() returned is there, and nothing in part.

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <random>

#include "tests/agent/outbox/files.h"

namespace {

using namespace outbox_tests;

constexpr int kRounds = 20;

class KilledOutbox : public Files {};

// Never returns. Writes one byte to `told` behind each append that returned.
[[noreturn]] void append_for_ever(const std::filesystem::path& path, int told) {
  auto outbox = Outbox::open(path, kAgent, 1);
  if (!outbox) ::_exit(1);
  for (;;) {
    const auto next = outbox->chain().next_seq;
    std::vector<std::string> three;
    for (std::uint64_t i = 0; i < 3; ++i) three.push_back("record " + std::to_string(next + i));
    if (!outbox->append(three, {{.name = "/a", .position = std::to_string(next + 2), .builder = "b"}},
                        {{"lines", 3}})) {
      ::_exit(2);
    }
    if (next % 7 == 0 && !outbox->acknowledge(next)) ::_exit(3);
    if (::write(told, "x", 1) != 1) ::_exit(4);
  }
}

TEST_F(KilledOutbox, KeepsWhatAppendReturnedAndNothingInPart) {
  std::mt19937 random{20};
  std::uint64_t appends_told = 0;
  for (int round = 0; round < kRounds; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe_ends[0]);
      append_for_ever(path, pipe_ends[1]);
    }
    ::close(pipe_ends[1]);
    // The moment: so many appends, and then a few microseconds of the next one.
    const auto appends = std::uniform_int_distribution<int>{0, 30}(random);
    char byte = 0;
    int told = 0;
    while (told < appends && ::read(pipe_ends[0], &byte, 1) == 1) ++told;
    for (volatile int spin = std::uniform_int_distribution<int>{0, 200'000}(random); spin > 0;)
      spin = spin - 1;
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child gave up with " << WEXITSTATUS(status);
    while (::read(pipe_ends[0], &byte, 1) == 1) ++told;
    ::close(pipe_ends[0]);
    appends_told += static_cast<std::uint64_t>(told);

    auto outbox = Outbox::open(path, kAgent, 1);
    ASSERT_TRUE(outbox) << outbox.error().message;
    expect_sound(*outbox);
    const auto sealed = outbox->chain().next_seq - 1;
    ASSERT_EQ(sealed % 3, 0u) << "an append is whole";
    ASSERT_GE(sealed, appends_told * 3) << "what append() returned is durable";
    // An append may have been committed and not told any more.
    ASSERT_LE(sealed, appends_told * 3 + 3 * static_cast<std::uint64_t>(round + 1));
    if (sealed > 0) {
      ASSERT_EQ(outbox->source("/a").value()->position, std::to_string(sealed));
      ASSERT_EQ(outbox->counters().value().at("lines"), static_cast<std::int64_t>(sealed));
    }
  }
  EXPECT_GT(appends_told, 50u);
}

}  // namespace
