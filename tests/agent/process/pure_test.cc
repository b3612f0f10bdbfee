// The rules without a process: names and exit codes.

#include <gtest/gtest.h>

#include "agent/process/exit_code.h"
#include "agent/process/program.h"

namespace agent::process {
namespace {

TEST(Program, IsKnownByTheBeginningOfItsFileName) {
  const std::vector<std::pair<std::string_view, bool>> rows{
      {"anydesk", true},
      {"/usr/bin/anydesk", true},
      {"/usr/bin/anydesk (deleted)", true},
      {"C:\\Program Files (x86)\\AnyDesk\\AnyDesk.exe", true},
      {"\\Device\\HarddiskVolume3\\AnyDesk-0a1b2c3d\\AnyDesk-0a1b2c3d.exe", true},
      {"AnyDesk_acme.EXE", true},
      {"/opt/anydesk/helper", false},
      {"C:\\AnyDesk\\setup.exe", false},
      {"/usr/bin/anydesk/", false},
      {"anydes", false},
      {"", false},
  };
  for (const auto& [path, ours] : rows) EXPECT_EQ(is_program(path, "anydesk"), ours) << path;
}

TEST(ExitCode, SaysWhatItCan) {
  const std::vector<std::pair<std::uint32_t, EndCause>> rows{
      {0, EndCause::normal},           {0xC0000005, EndCause::crash},   {0xC00000FD, EndCause::crash},
      {0xC0000374, EndCause::crash},   {0xC0000409, EndCause::crash},   {0xE06D7363, EndCause::crash},
      {0x80000003, EndCause::crash},   {0xC000013A, EndCause::kill},    {1, EndCause::kill},
      {259, EndCause::kill},           {0xFFFFFFFF, EndCause::kill},    {0x80000000, EndCause::kill},
      {0x40010004, EndCause::log_off}, {0xC000026B, EndCause::log_off},
  };
  for (const auto& [code, cause] : rows) EXPECT_EQ(cause_of_exit_code(code), cause) << std::hex << code;
}

}  // namespace
}  // namespace agent::process
