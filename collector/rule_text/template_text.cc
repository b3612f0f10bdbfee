#include "collector/rule_text/template_text.h"

#include <boost/json.hpp>

#include "collector/rule_text/parse.h"
#include "collector/rule_text/rule_json.h"

namespace collector::rule_text {

namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

base::Result<std::vector<Field>> read_contract(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return fail(ErrorCode::invalid_argument, "contract is no object");
  std::vector<Field> fields;
  for (const auto& [key, one] : *object) {
    const bool plain = one.is_string() || one.is_int64() || one.is_bool();
    if (!plain) {
      return fail(ErrorCode::invalid_argument,
                  "contract." + std::string{key} + " is neither text nor a whole number nor true or false");
    }
    fields.push_back({.name = std::string{key},
                      .value = one.is_string() ? std::string{one.as_string()} : json::serialize(one)});
  }
  return fields;
}

base::Status read_field(std::string_view key, const json::value& value, TemplateText& text) {
  if (key == "name") {
    if (!value.is_string()) return fail(ErrorCode::invalid_argument, "name is no text");
    text.name = std::string{value.as_string()};
  } else if (key == "version") {
    if (!value.is_int64()) return fail(ErrorCode::invalid_argument, "version is no whole number");
    text.version = value.as_int64();
  } else if (key == "rule") {
    auto rule = lay_over({}, value);
    if (!rule) return std::unexpected{rule.error()};
    text.rule = std::move(*rule);
  } else if (key == "contract") {
    auto contract = read_contract(value);
    if (!contract) return std::unexpected{contract.error()};
    text.contract = std::move(*contract);
  } else {
    return std::unexpected{unknown_field("a template", key, {"name", "version", "rule", "contract"})};
  }
  return {};
}

}  // namespace

std::string template_text(const TemplateText& text) {
  std::string all = "{\n  \"name\": " + json::serialize(json::string{text.name}) + ",\n";
  if (text.version) all += "  \"version\": " + std::to_string(*text.version) + ",\n";
  all += "  \"rule\": {\n";
  std::string fields;
  for (const auto& [key, value] : to_json(text.rule)) {
    fields += std::string{fields.empty() ? "" : ",\n"} + "    \"" + std::string{key} +
              "\": " + json::serialize(value);
  }
  all += fields + "\n  }";
  if (!text.contract || text.contract->empty()) return all + "\n}\n";
  std::string agreed;
  for (const auto& [key, value] : *text.contract) {
    agreed += std::string{agreed.empty() ? "" : ",\n"} + "    " + json::serialize(json::string{key}) + ": " +
              json::serialize(json::string{value});
  }
  return all + ",\n  \"contract\": {\n" + agreed + "\n  }\n}\n";
}

base::Result<TemplateText> read_template(std::string_view text) {
  const auto value = parse(text);
  if (!value) return std::unexpected{value.error()};
  const auto* object = value->if_object();
  if (object == nullptr || !object->contains("name") || !object->contains("rule")) {
    return fail(ErrorCode::invalid_argument,
                R"(a template needs a name and a rule: {"name":"Evening","rule":{"free_s":30}})");
  }
  TemplateText read;
  for (const auto& [key, field] : *object) {
    if (auto ok = read_field(key, field, read); !ok) return std::unexpected{ok.error()};
  }
  return read;
}

}  // namespace collector::rule_text
