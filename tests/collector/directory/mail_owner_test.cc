#include "collector/directory/mail_owner.h"

#include <gtest/gtest.h>

namespace collector::directory {
namespace {

TEST(MailOwner, IsTheContactsCustomerElseTheDomains) {
  std::vector<Customer> customers(3);
  customers[0] = {.id = 1, .code = "mill", .name = "Mill", .email = "", .domains = {"mill.example"}};
  customers[1] = {.id = 2, .code = "law", .name = "Law", .email = "", .domains = {"law.example"}};
  customers[2] = {.id = 3, .code = "shop", .name = "Shop", .email = ""};
  const std::vector<Contact> contacts{
      {.id = 1, .customer_id = 3, .first_name = "E", .surname = "P", .email = "eva@mail.example"},
      {.id = 2, .customer_id = 2, .first_name = "N", .surname = "D", .email = "nik@mill.example"},
      {.id = 3, .customer_id = 1, .first_name = "T", .surname = "W", .email = "two@mail.example"},
      {.id = 4, .customer_id = 2, .first_name = "T", .surname = "W", .email = "two@mail.example"},
      {.id = 5, .customer_id = 3, .first_name = "T", .surname = "L", .email = "both@law.example"},
      {.id = 6, .customer_id = 1, .first_name = "T", .surname = "L", .email = "both@law.example"}};
  const struct {
    const char* address;
    const char* code;
    const char* why;
  } table[] = {
      {"anybody@mill.example", "mill", "by the domain"},
      {"Anybody@MILL.Example", "mill", "letters are all the same"},
      {"eva@mail.example", "shop", "by the contact"},
      {"nik@mill.example", "law", "the contact stands before the domain"},
      {"two@mail.example", "", "the contact of two"},
      {"both@law.example", "law", "the contact of two, but the domain of one"},
      {"x@sub.mill.example", "", "a sub-domain is not meant"},
      {"x@stranger.example", "", "nobody's"},
      {"mill.example", "", "no address"},
      {"@mill.example", "", "no address"},
      {"", "", "no address"},
  };
  for (const auto& one : table) {
    const auto* owner = customer_of_mail(customers, contacts, one.address);
    EXPECT_EQ(owner == nullptr ? "" : owner->code, one.code) << one.address << ": " << one.why;
  }
}

}  // namespace
}  // namespace collector::directory
