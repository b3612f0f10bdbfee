#include "tests/support/trace/edition.h"

#include <array>

namespace support::trace {

namespace {

const std::array<Edition, 26> kEditions{{
    {System::windows, 7, 0, 10, false}, {System::windows, 7, 0, 14, true},
    {System::windows, 8, 0, 9, true},   {System::windows, 8, 1, 0, false},
    {System::windows, 9, 0, 1, true},   {System::windows, 9, 5, 3, true},
    {System::linux_deb, 6, 0, 0, true}, {System::linux_deb, 6, 0, 1, false},
    {System::linux_deb, 6, 1, 1, true}, {System::linux_deb, 6, 2, 1, true},
    {System::linux_deb, 6, 3, 2, true}, {System::linux_deb, 7, 0, 2, true},
    {System::linux_deb, 7, 1, 0, true}, {System::linux_deb, 7, 1, 0, false},
    {System::macos, 5, 4, 5, false},    {System::macos, 6, 3, 1, false},
    {System::macos, 6, 5, 0, false},    {System::macos, 6, 6, 0, false},
    {System::macos, 7, 0, 0, false},    {System::macos, 7, 0, 1, false},
    {System::macos, 7, 1, 0, false},    {System::macos, 7, 2, 1, true},
    {System::macos, 8, 0, 0, false},    {System::macos, 8, 1, 4, false},
    {System::macos, 9, 0, 0, false},    {System::macos, 9, 0, 0, true},
}};

}  // namespace

const Edition& edition_of(std::uint64_t seed) {
  return kEditions[seed % kEditions.size()];
}

std::vector<std::string> files_of(const Edition& edition, const std::string& custom) {
  const std::string folder = custom.empty() ? "AnyDesk/" : "AnyDesk/" + custom + "/";
  const std::string stem = custom.empty() ? "anydesk" : "anydesk_" + custom;
  const std::string window = edition.system == System::windows
                                 ? "Users/anna/AppData/Roaming/" + folder + "ad.trace"
                                 : "home/anna/." + stem + "/" + stem + ".trace";
  if (!edition.installed) return {window};
  const std::string service = edition.system == System::windows ? "ProgramData/" + folder + "ad_svc.trace"
                                                                : "var/log/" + stem + ".trace";
  return {service, window};
}

}  // namespace support::trace
