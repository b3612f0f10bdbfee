#include "collector/commands/templates.h"

#include <boost/json.hpp>

#include "collector/store/changes.h"
#include "collector/store/templates.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
DESK_SUITE(TemplatesCommandTest);

template <class Options>
Ran with(int (*run)(const Options&, std::ostream&, std::ostream&), const Options& options) {
  return ran([&](auto& out, auto& err) { return run(options, out, err); });
}

TemplateNewOptions evening(const std::filesystem::path& config) {
  return {.config = config,
          .name = "Evening",
          .from = "standard",
          .set = {"bands.Evening=weekdays 17:00-24:00 x1.5", "rate_per_hour=9000"},
          .reason = "evenings cost more",
          .preview = false,
          .json = false};
}

// Newest first; not the one that `init` made.
std::vector<store::ChangeRow> changes(Workspace place) {
  std::vector<store::ChangeRow> rows;
  store::must(place.database.read([&](store::Transaction& tx) -> base::Status {
    rows = store::must(store::list_changes(tx, {.limit = 100, .object = "template", .key = ""}));
    return {};
  }));
  rows.pop_back();
  return rows;
}

TEST_P(TemplatesCommandTest, ANewOneIsMadeFromAnotherAndNoted) {
  auto o = evening(config());
  o.preview = true;
  auto done = with(run_template_new, o);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_TRUE(done.out.ends_with("This was a preview: nothing was changed.\n")) << done.out;
  EXPECT_TRUE(changes(workspace()).empty());
  o.preview = false;
  done = with(run_template_new, o);
  EXPECT_TRUE(done.out.starts_with("Evening, version 1, a new template\n  free_s: 30\n")) << done.out;
  EXPECT_NE(done.out.find("  bands.Evening: weekdays 17:00-24:00 x1.5\n"), std::string::npos) << done.out;
  const auto noted = changes(workspace());
  ASSERT_EQ(noted.size(), 1U);
  EXPECT_EQ(noted[0].change.action, "create");
  EXPECT_EQ(noted[0].change.key, "Evening");
  EXPECT_EQ(noted[0].change.why, "evenings cost more");
  EXPECT_EQ(noted[0].change.before, "");
  EXPECT_EQ(json::parse(noted[0].change.after).at("rule").at("rate_per_hour"), 9'000);

  done = with(run_template_new, o);
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("there is a template 'Evening' already"), std::string::npos) << done.err;
  o.name = " Night";
  EXPECT_NE(with(run_template_new, o).err.find("name ' Night' has blanks around it"), std::string::npos);
  o.name = "";
  EXPECT_NE(with(run_template_new, o).err.find("name is empty"), std::string::npos);
  o.name = std::string(501, 'n');
  EXPECT_NE(with(run_template_new, o).err.find("name is longer than 500 bytes"), std::string::npos);
  o.name = "Night";
  o.set = {"graze_s=0"};
  EXPECT_NE(with(run_template_new, o).err.find("did you mean 'grace_s'?"), std::string::npos);
  o.set = {"increment_s=61"};
  EXPECT_NE(with(run_template_new, o).err.find("increment_s is 61; it may be a multiple of 60"),
            std::string::npos);
  o.set.clear();
  o.from = "standart";
  EXPECT_NE(with(run_template_new, o).err.find("did you mean 'standard'?"), std::string::npos);
  EXPECT_EQ(changes(workspace()).size(), 1U) << "what is refused is not noted";
}

TEST_P(TemplatesCommandTest, AFileMakesAVersionIfItDiffers) {
  with(run_template_new, evening(config()));
  const auto shown =
      with(run_template_show, {.config = config(), .name = "Evening", .version = {}, .json = true});
  const auto set = [&](const std::string& text, bool preview = false) {
    return with(run_template_set, {.config = config(),
                                   .file = file("t.json", text),
                                   .reason = "asked for",
                                   .preview = preview,
                                   .json = false});
  };
  EXPECT_EQ(set(shown.out).out, "Evening, version 1: nothing differs\n");
  auto changed = shown.out;
  changed.replace(changed.find("\"1.5\""), 5, "\"1.75\"");
  const std::string said =
      "Evening, version 2\n  bands.Evening: weekdays 17:00-24:00 x1.5 -> weekdays 17:00-24:00 x1.75\n";
  EXPECT_EQ(set(changed, true).out, said + "This was a preview: nothing was changed.\n");
  EXPECT_EQ(set(changed).out, said);
  auto again = set(changed);
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("version 1 of 'Evening' was edited, but the newest is 2"), std::string::npos)
      << again.err;
  EXPECT_EQ(set(R"({"name":"Evening","rule":{}})").out,
            "Evening, version 3\n  rate_per_hour: 9000 -> 0\n  bands.Evening: weekdays 17:00-24:00 x1.75 -> "
            "none\n");
  const auto noted = changes(workspace());
  ASSERT_EQ(noted.size(), 3U);
  EXPECT_EQ(noted[0].change.action, "change");
  EXPECT_EQ(json::parse(noted[0].change.before).at("version"), 2);
  EXPECT_EQ(json::parse(noted[0].change.after).at("version"), 3);

  EXPECT_NE(set(R"({"name":"E","rule":{"fre_s":1}})").err.find("t.json: 'fre_s' is no field of a rule"),
            std::string::npos);
  TemplateSetOptions o;
  o.config = config();
  o.file = folder_ / "none.json";
  EXPECT_NE(with(run_template_set, o).err.find("none.json cannot be read"), std::string::npos);
  o.file = folder_.string();
  EXPECT_EQ(with(run_template_set, o).code, 1) << "a folder";
}

TEST_P(TemplatesCommandTest, ForPrograms) {
  auto o = evening(config());
  o.json = true;
  auto value = json::parse(with(run_template_new, o).out);
  EXPECT_EQ(value.at("template").at("name"), "Evening");
  EXPECT_EQ(value.at("changed"), true);
  EXPECT_EQ(value.at("committed"), true);
  value = json::parse(with(run_template_set, {.config = config(),
                                              .file = file("t.json", R"({"name":"Evening","rule":{}})"),
                                              .reason = "",
                                              .preview = true,
                                              .json = true})
                          .out);
  EXPECT_EQ(value.at("committed"), false);
  EXPECT_EQ(value.at("differences").at(0).at("field"), "rate_per_hour");
  EXPECT_EQ(value.at("differences").at(0).at("before"), "9000");
  value = json::parse(with(run_templates_list, {.config = config(), .json = true}).out);
  ASSERT_EQ(value.as_array().size(), 2U);
  EXPECT_EQ(value.at(0).at("name"), "Evening");
  EXPECT_EQ(value.at(0).at("rule").at("bands").at(0).at("weight"), "1.5");
}

TEST_P(TemplatesCommandTest, ListedAndShown) {
  with(run_template_new, evening(config()));
  const auto list = with(run_templates_list, {.config = config(), .json = false}).out;
  EXPECT_NE(
      list.find("\nEvening         1      30      600       60     600        0             1    9000\n"),
      std::string::npos)
      << list;
  const auto show = [&](const std::string& name, std::optional<std::int64_t> version) {
    return with(run_template_show, {.config = config(), .name = name, .version = version, .json = false});
  };
  EXPECT_TRUE(show("Evening", 1).out.starts_with("Evening, version 1\nFIELD")) << show("Evening", 1).out;
  EXPECT_EQ(show("Evening@1", {}).out, show("Evening", 1).out);
  EXPECT_TRUE(show("plain", {}).out.starts_with("plain, built in\n"));
  EXPECT_NE(show("Evening", 2).err.find("no template is named 'Evening@2'"), std::string::npos);
  EXPECT_NE(show("Evening@x", {}).err.find("did you mean 'Evening'?"), std::string::npos);
}

TEST_P(TemplatesCommandTest, TwoAreCompared) {
  with(run_template_new, evening(config()));
  Circumstances at;
  at.at = "2026-11-16 17:00";
  const TemplateCompareOptions o{.config = config(),
                                 .first = "standard",
                                 .second = "Evening",
                                 .seconds = {30, 300},
                                 .circumstances = at,
                                 .json = false};
  EXPECT_EQ(with(run_template_compare, o).out,
            "LASTS  standard MIN  Evening MIN  MORE  standard COSTS  Evening COSTS\n"
            " 0:30             0            0     0            0.00           0.00\n"
            " 5:00            10           15    +5            0.00          22.50\n");
  auto as_json = o;
  as_json.json = true;
  const auto value = json::parse(with(run_template_compare, as_json).out);
  EXPECT_EQ(value.at("durations").at(1).at("second").at("amount"), 2'250);

  TemplateCompareOptions built_in;
  built_in.first = "standard";
  built_in.second = "standard-after";
  const auto usual = with(run_template_compare, built_in);
  EXPECT_EQ(std::ranges::count(usual.out, '\n'), 13) << usual.out;
  EXPECT_NE(usual.out.find("  11:00            20                  10   -10\n"), std::string::npos)
      << usual.out;
  built_in.second = "Evening";
  EXPECT_EQ(with(run_template_compare, built_in).code, 1) << "it is in a collector";
  built_in.second = "plain";
  built_in.seconds = {-1};
  EXPECT_EQ(with(run_template_compare, built_in).code, 1);
}

TEST_P(TemplatesCommandTest, AFileIsChecked) {
  const auto check = [&](const std::string& text) {
    const auto name = file("t.json", text);
    return ran([&](auto& out, auto& err) { return run_template_check(name, out, err); });
  };
  const auto good = check(R"({"name":"Evening","rule":{"grace_s":0}})");
  EXPECT_EQ(good.code, 0);
  EXPECT_TRUE(good.out.ends_with("t.json: 'Evening' can be used\n"));
  const auto bad = check(R"({"name":"Evening","rule":{"grace_s":-1}})");
  EXPECT_EQ(bad.code, 1);
  EXPECT_NE(bad.err.find("grace_s is -1; it may be from 0 to 86400"), std::string::npos);
  EXPECT_NE(check(std::string(2'000'000, ' ')).err.find("it may have up to 1000000"), std::string::npos);
}

}  // namespace
}  // namespace collector::commands
