// `contracts add`, `change` (contract_put.cc), `sell`, `adjust`, `complete`: what is agreed with a customer,
// and what people enter into the ledger of it.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

// What is not given stays as it is; of a new contract it is what the template agrees (directory/agreement.h),
// else the standard.
struct ContractPutOptions {
  std::filesystem::path config = {};
  std::string customer;  // A code.
  std::string name;
  bool add = false;  // It must be new; else it must be there.
  std::optional<std::string> template_name = {}, model = {}, start = {}, end = {}, time_zone = {};
  std::optional<std::string> currency = {}, exhaustion = {}, period = {};
  std::optional<std::string> overage_per_hour = {}, fee = {};  // Money as 25.50.
  std::optional<std::int64_t> included_min = {}, units = {}, mail_window_min = {};
  std::optional<std::string> roll_over_min = {};                     // A number, or "all".
  std::optional<std::string> notice_percent = {}, notice_days = {};  // "80,95"; "" for none.
  std::optional<std::string> notice_left = {};                       // "60,15", or money; "" for none.
  std::optional<bool> mail_no_charge = {};
  // Of a new contract: how long it lasts in place of `end`, and what is sold from its first day on.
  std::optional<std::string> duration = {};
  std::optional<std::int64_t> purchased_min = {};
  std::optional<std::string> purchased_amount = {};
  std::optional<std::string> partner = {};  // A code; "" for none.
  std::optional<bool> partner_told = {}, customer_told = {};
  std::optional<std::string> partner_from = {}, partner_until = {};  // Days; "" for as long as the contract.
  std::string reason = {};
  bool preview = false;
  bool json = false;
};
int run_contract_put(const ContractPutOptions& options, std::ostream& out, std::ostream& err);

struct SellOptions {
  std::filesystem::path config = {};
  std::int64_t contract = 0;  // Its number in the list.
  std::optional<std::int64_t> minutes = {};
  std::optional<std::string> amount = {};            // Of prepaid money: 250.00.
  std::optional<std::string> from = {}, until = {};  // Days: 2026-11-01.
  std::string reason = {};
  bool json = false;
};
int run_sell(const SellOptions& options, std::ostream& out, std::ostream& err);

struct AdjustOptions {
  std::filesystem::path config = {};
  std::int64_t contract = 0;
  std::optional<std::int64_t> minutes = {};  // In the customer's favour, or below zero.
  std::optional<std::string> amount = {};
  std::string reason = {};
  bool json = false;
};
int run_adjust(const AdjustOptions& options, std::ostream& out, std::ostream& err);

struct CompleteOptions {
  std::filesystem::path config = {};
  std::int64_t contract = 0;
  std::string reason = {};
  bool json = false;
};
int run_complete(const CompleteOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
