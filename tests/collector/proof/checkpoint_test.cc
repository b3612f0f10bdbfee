#include "collector/proof/checkpoint.h"

#include <gtest/gtest.h>

#include "collector/proof/base64.h"
#include "collector/proof/keys.h"
#include "common/base/hex.h"

namespace collector::proof {
namespace {

crypto::SigningKey key_of(char fill) {
  return crypto::SigningKey::from_seed(std::string(32, fill)).value();
}

const Checkpoint kCheckpoint{.origin = "collector.example.com/log",
                             .size = 20852163,
                             .root = crypto::sha256("root"),
                             .signed_at = timing::from_rfc3339("2026-11-22T01:02:03.004Z").value()};

NoteKey signer() {
  return {.name = kCheckpoint.origin, .key = key_of('a').public_key()};
}

// RFC 4648 section 10.
TEST(Base64, TheKnownAnswers) {
  const std::pair<std::string, std::string> table[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : table) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text).value(), bytes);
  }
  for (const char* wrong :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9", "Zm8", "Z===", "====", "-_8=", "Zm9v\n", "=Zg="}) {
    EXPECT_FALSE(from_base64(wrong)) << wrong;
  }
}

// The worked example of the C2SP page on signed notes: PeterNeumann's key, as the Go package prints it.
TEST(NoteKey, TheTextOfAKeyIsThatOfTheGoPackage) {
  const std::string text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const auto key = NoteKey::parse(text);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->name, "PeterNeumann");
  EXPECT_EQ(base::to_hex(key->id()), "c74f20a3");
  EXPECT_EQ(key->text(), text);
  // The signed text of the same page.
  const std::string note =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n\n"
      "\xE2\x80\x94 PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
  const auto opened = open_note(note, *key);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(opened->ends_with("what your problem is.\n"));
}

TEST(NoteKey, OtherTextsAreRefused) {
  const auto good = signer().text();
  ASSERT_EQ(NoteKey::parse(good).value(), signer());
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto changed = good;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(NoteKey::parse(changed)) << changed;
    EXPECT_FALSE(NoteKey::parse(std::string_view{good}.substr(0, i))) << i;
  }
  EXPECT_FALSE(is_note_name(""));
  EXPECT_FALSE(is_note_name("a b"));
  EXPECT_FALSE(is_note_name("a+b"));
  EXPECT_FALSE(is_note_name("a\xc3\xa9"));
  EXPECT_TRUE(is_note_name("deskledger.local/log"));
}

TEST(Checkpoint, IsWrittenAsTheSpecificationSays) {
  const auto key = key_of('a');
  const auto note = sign_checkpoint(kCheckpoint, key);
  const auto text = checkpoint_text(kCheckpoint);
  EXPECT_EQ(text, "collector.example.com/log\n20852163\n" + to_base64(kCheckpoint.root.bytes()) +
                      "\ntime 2026-11-22T01:02:03.004Z\n");
  const auto digest = crypto::sha256(kCheckpoint.origin + "\n\x01" + std::string{key.public_key().bytes()});
  const auto id = digest.bytes().substr(0, 4);
  EXPECT_EQ(note, text + "\n\xE2\x80\x94 collector.example.com/log " +
                      to_base64(std::string{id} + key.sign(text)) + "\n");
  EXPECT_EQ(open_checkpoint(note, signer()).value(), kCheckpoint);
}

TEST(Checkpoint, EveryFlippedBitIsRefused) {
  const auto note = sign_checkpoint(kCheckpoint, key_of('a'));
  for (std::size_t i = 0; i < note.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = note;
      changed[i] = static_cast<char>(changed[i] ^ 1 << bit);
      EXPECT_FALSE(open_checkpoint(changed, signer())) << i << " " << bit;
    }
    EXPECT_FALSE(open_checkpoint(std::string_view{note}.substr(0, i), signer())) << i;
  }
  EXPECT_FALSE(open_checkpoint(note + "\n", signer()));
  EXPECT_FALSE(open_checkpoint(note + note, signer()));
}

TEST(Checkpoint, AWitnessMaySignBesideTheLog) {
  const auto text = checkpoint_text(kCheckpoint);
  const auto ours = sign_note(text, kCheckpoint.origin, key_of('a'));
  const auto witness = sign_note(text, "witness.example", key_of('b')).substr(text.size() + 1);
  EXPECT_TRUE(open_checkpoint(ours + witness, signer()));
  EXPECT_TRUE(open_checkpoint(text + "\n" + witness + ours.substr(text.size() + 1), signer()));
  const auto alone = open_checkpoint(text + "\n" + witness, signer());
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, base::ErrorCode::unauthenticated);
  EXPECT_FALSE(open_checkpoint(ours + ours.substr(text.size() + 1), signer())) << "twice by the same key";
  std::string many = ours;
  for (int i = 0; i < 16; ++i) many += witness;
  EXPECT_FALSE(open_checkpoint(many, signer()));
}

TEST(Checkpoint, SignedTextsThatAreNoneAreRefused) {
  const auto good = checkpoint_text(kCheckpoint);
  const auto root = to_base64(kCheckpoint.root.bytes());
  const std::string origin = kCheckpoint.origin + "\n";
  const std::string time = "time 2026-11-22T01:02:03.004Z\n";
  const std::string table[] = {origin + "020852163\n" + root + "\n" + time,
                               origin + "-1\n" + root + "\n" + time,
                               origin + "99999999999999999999\n" + root + "\n" + time,
                               origin + "1\nAAAA\n" + time,
                               origin + "1\n" + root + "\n",
                               origin + "1\n" + root + "\ntime 2026-11-22T01:02:03Z\n",
                               "other/log\n1\n" + root + "\n" + time,
                               good + "another line\n"};
  for (const auto& text : table) {
    EXPECT_FALSE(open_checkpoint(sign_note(text, kCheckpoint.origin, key_of('a')), signer())) << text;
  }
}

TEST(Keys, WhatIsPrintedIsRead) {
  Keys keys{.log = signer(), .acknowledgements = key_of('c').public_key(), .agents = {}};
  keys.agents[std::string(32, '1')] = {.key = key_of('d').public_key(), .workstation = "anna pc"};
  keys.agents[std::string(32, '2')] = {.key = key_of('e').public_key(), .workstation = ""};
  const auto text = keys_text(keys);
  const auto read = parse_keys("# kept\r\n\n" + text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, keys);
  const auto first_line = text.substr(0, text.find('\n') + 1);
  for (const auto& wrong :
       {std::string{}, first_line, text + first_line, text + "agent 11 22 x\n", text + "word\n",
        text + "agent " + std::string(32, '1') + " " + std::string(64, '0') + " x\n", "log x\n" + text}) {
    EXPECT_FALSE(parse_keys(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace collector::proof
