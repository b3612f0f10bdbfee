#include "agent/seal/discretion.h"

#include <gtest/gtest.h>

namespace {

using namespace agent::seal;

TEST(Discretion, TellsIdsAndAliasesOnly) {
  struct Row {
    const char* text;
    bool told;
  };
  for (const Row& row : {Row{"410100201", true},
                         {"1007310192", true},
                         {"support@ad", true},
                         {"till-2.north@bakery", true},
                         {"\xCE\xA4\xCE\xB1\xCE\xBC\xCE\xB5\xCE\xAF\xCE\xBF@ad", true},
                         {"", false},
                         {"192.0.2.17", false},
                         {"192.0.2.17:7070", false},
                         {"2001:db8::17", false},
                         {"[2001:db8::17]:7070", false},
                         {"localhost:7070", false},
                         {"till.bakery.example", false},
                         {"\\\\server\\share", false},
                         {"user@192.0.2.17", false},
                         {"@ad", false},
                         {"name@", false},
                         {"a b@ad", false},
                         {"\xFF@ad", false}}) {
    EXPECT_EQ(is_remote_id(row.text), row.told) << row.text;
  }
}

TEST(Discretion, TellsFixedWordsAndOneTokenOfAReason) {
  struct Row {
    const char* reason;
    const char* told;
  };
  for (const Row& row :
       {Row{"IPC socket closed normally", "IPC socket closed normally"},
        {"Session closed by remote side: desk_rt_user_close",
         "Session closed by remote side: desk_rt_user_close"},
        {"Net socket closed: errno_60", "Net socket closed: errno_60"},
        {"Net socket closed: connect to 198.51.100.9:443 failed", "Net socket closed"},
        {"Session closed locally: cannot open 'C:\\Users\\anna\\pay.xlsx'", "Session closed locally"},
        {"Net socket closed by 198.51.100.9", "Net socket closed by"},
        {"Net socket closed by till2.example", "Net socket closed by"},
        {"The socket was closed remotely", "The socket was closed remotely"},
        {"Net socket error: ", "Net socket error"},
        {"", ""},
        {"\xD0\xA1", ""}}) {
    EXPECT_EQ(discreet_reason(row.reason), row.told) << row.reason;
  }
}

}  // namespace
