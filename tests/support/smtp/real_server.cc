#include "tests/support/smtp/real_server.h"

#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "common/base/hex.h"
#include "tests/support/process/eventually.h"

namespace support::smtp {

namespace {

std::string message_id_in(const std::string& raw) {
  const std::string header = "Message-Id: <";
  auto at = raw.find(header);
  if (at == std::string::npos) at = raw.find("Message-ID: <");
  if (at == std::string::npos) return {};
  at += header.size();
  return raw.substr(at, raw.find('>', at) - at);
}

}  // namespace

RealServer::RealServer(const std::filesystem::path& folder, const std::string& certificate,
                       const std::string& key)
    : folder_{folder} {
  behave("");
  // The system's Python, which has Debian's packages; another one may come first in the path.
  Command command{"/usr/bin/python3", std::string{SMTP_SERVER_SCRIPT}, folder_ / "control", folder_ / "kept",
                  folder_ / "reached"};
  if (!certificate.empty()) command.insert(command.end(), {certificate, key});
  std::filesystem::remove(folder_ / "out");
  process_ = std::make_unique<Process>(command, folder_ / "out", folder_ / "err");
  const auto started = [&] { return read_file(folder_ / "out").ends_with('\n'); };
  if (!eventually([&] { return started() || !process_->running(); }) || !started())
    throw std::runtime_error{"the SMTP server does not start: " + read_file(folder_ / "err")};
  port_ = static_cast<std::uint16_t>(std::stoi(read_file(folder_ / "out")));
}

void RealServer::behave(const std::string& how) {
  std::ofstream{folder_ / "control.new"} << how;
  std::filesystem::rename(folder_ / "control.new", folder_ / "control");
}

bool RealServer::reached(const std::string& step) {
  const bool came = eventually([&] { return read_file(folder_ / "reached") == step; });
  std::filesystem::remove(folder_ / "reached");
  return came;
}

std::vector<KeptMail> RealServer::kept() const {
  std::vector<KeptMail> all;
  std::istringstream lines{read_file(folder_ / "kept")};
  for (std::string line; std::getline(lines, line);) {
    const auto mail = boost::json::parse(line).as_object();
    KeptMail one;
    one.from = mail.at("from").as_string();
    for (const auto& to : mail.at("to").as_array()) one.to.emplace_back(to.as_string());
    one.raw = base::from_hex(std::string_view{mail.at("raw").as_string()}).value();
    one.message_id = message_id_in(one.raw);
    one.connection = mail.at("connection").as_int64();
    one.tls = mail.at("tls").as_bool();
    one.user = mail.at("user").as_string();
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace support::smtp
