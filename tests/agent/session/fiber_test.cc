#include "agent/session/fiber.h"

#include <gtest/gtest.h>

namespace {

using agent::session::Kind;
using agent::session::kind_of_features;
using agent::session::without_blanks;

TEST(Features, NameTheKind) {
  EXPECT_EQ(kind_of_features(" deskrt, clipboard, chat, audio, input, tcp_tunnel"), Kind::desktop);
  EXPECT_EQ(kind_of_features(" filebrowser, chat"), Kind::file_transfer);
  EXPECT_EQ(kind_of_features(" chat, tcp_tunnel, vpn"), Kind::vpn);
  EXPECT_EQ(kind_of_features(" deskrt, filebrowser, vpn"), Kind::desktop);
  EXPECT_EQ(kind_of_features(" chat, vpn_lite"), Kind::desktop);
}

TEST(TypedAddress, LosesItsBlanks) {
  EXPECT_EQ(without_blanks(" 1 007\t310\xC2\xA0"
                           "192"),
            "1007310192");
  EXPECT_EQ(without_blanks("1\xE2\x80\xAF"
                           "0"),
            "10");
  EXPECT_EQ(without_blanks("name@ad"), "name@ad");
}

}  // namespace
