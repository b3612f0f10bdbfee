// `mail template` on a collector's database.

#include "collector/commands/mail_template.h"

#include <boost/json.hpp>

#include "collector/commands/mail_template_file.h"
#include "collector/mail/texts.h"
#include "collector/pipeline/mail_words.h"
#include "collector/store/changes.h"
#include "collector/store/mail_templates.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;

class MailTemplateTest : public DeskTest {
 protected:
  using Run = int (*)(const MailTemplateOptions&, std::ostream&, std::ostream&);
  Ran run(Run command, MailTemplateOptions options) const {
    options.config = config();
    return ran([&](auto& out, auto& err) { return command(options, out, err); });
  }
  // A file of the shipped English texts with another subject.
  std::string with_subject(const std::string& subject) const {
    auto texts = mail::shipped_texts(mail::Kind::sessions, "en").value();
    texts[mail::Part::subject] = subject;
    return file("sessions.txt", mail::write_texts(texts));
  }
  Ran set(const std::string& subject, const std::string& language = "en") const {
    return run(
        run_mail_template_set,
        {.kind = "sessions", .language = language, .file = with_subject(subject), .reason = "asked for"});
  }
  pipeline::Words words_now(const std::string& language, const std::string& otherwise) const {
    auto database = std::move(workspace().database);
    pipeline::Words words;
    const auto read = database.read([&](store::Transaction& tx) -> base::Status {
      words = store::must(pipeline::words_for(tx, mail::Kind::sessions, language, otherwise));
      return {};
    });
    EXPECT_TRUE(read);
    return words;
  }
  // The subject that the next mail would have.
  std::string subject_now(const std::string& language, const std::string& otherwise = "en") const {
    std::string subject;
    const auto words = words_now(language, otherwise);
    for (const auto& piece : words.templates->pieces(mail::Part::subject)) {
      if (const auto* literal = std::get_if<std::string>(&piece.is)) subject += *literal;
    }
    return subject;
  }
  // The language of its figures.
  std::string language_now(const std::string& language, const std::string& otherwise = "en") const {
    return words_now(language, otherwise).language;
  }
};
INSTANTIATE_TEST_SUITE_P(On, MailTemplateTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(MailTemplateTest, AFreshCollectorHasTheShippedOnes) {
  const auto listed = run(run_mail_template_list, {.kind = "", .language = "", .json = true});
  ASSERT_EQ(listed.code, 0) << listed.err;
  const auto list = json::parse(listed.out).as_array();
  ASSERT_EQ(list.size(), 9u);
  for (const auto& one : list) {
    EXPECT_EQ(one.at("version"), 0);
    EXPECT_TRUE(one.at("saved_utc").is_null());
  }
  EXPECT_NE(run(run_mail_template_list, {.kind = "", .language = ""}).out.find("(shipped)"),
            std::string::npos);
  const auto shown = run(run_mail_template_show, {.kind = "notice", .language = "el"});
  ASSERT_EQ(shown.code, 0) << shown.err;
  EXPECT_TRUE(shown.out.starts_with("# notice el, as it comes with the program\n=== subject ===\n"));
  EXPECT_EQ(store::must(mail::read_texts(shown.out)), mail::shipped_texts(mail::Kind::notice, "el"));
  EXPECT_EQ(run(run_mail_template_history, {.kind = "notice", .language = "el"}).out,
            "No saved versions: what comes with the program holds.\n");
}

TEST_P(MailTemplateTest, WhatIsSavedHoldsAndIsNoted) {
  const auto first = set("One for %customer%");
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out, "version 1 of sessions en holds from the next mail on\n");
  EXPECT_EQ(subject_now("en"), "One for ");
  EXPECT_EQ(set("One for %customer%").out, "sessions en is unchanged: nothing differs from version 1\n");
  EXPECT_EQ(set("Two for %customer%").code, 0);
  EXPECT_EQ(subject_now("en"), "Two for ");
  const auto shown =
      run(run_mail_template_show, {.kind = "sessions", .language = "en", .version = 1, .json = true});
  EXPECT_EQ(json::parse(shown.out).at("subject"), "One for %customer%");
  const auto history =
      json::parse(run(run_mail_template_history, {.kind = "sessions", .language = "en", .json = true}).out)
          .as_array();
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].at("version"), 2);
  EXPECT_EQ(history[0].at("why"), "asked for");
  auto database = std::move(workspace().database);
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    const auto changes =
        store::must(store::list_changes(tx, {.limit = 10, .object = "mail_template", .key = "sessions.en"}));
    EXPECT_EQ(changes.size(), 2u);
    if (changes.size() != 2) return {};
    const auto& newest = changes.front();
    EXPECT_EQ(newest.change.action + " " + newest.change.object + " " + newest.change.key,
              "change mail_template sessions.en");
    EXPECT_EQ(newest.change.before, R"({"version":1})");
    EXPECT_EQ(json::parse(newest.change.after).at("subject"), "Two for %customer%");
    EXPECT_EQ(changes.back().change.action, "create");
    return {};
  });
  EXPECT_TRUE(read);
}

TEST_P(MailTemplateTest, AnEarlierVersionOrTheShippedOneHoldsAgain) {
  const auto restore = [&](std::int64_t version) {
    return run(run_mail_template_restore,
               {.kind = "sessions", .language = "en", .version = version, .json = true});
  };
  EXPECT_EQ(restore(0).out, "{\"kind\":\"sessions\",\"language\":\"en\",\"version\":0,\"changed\":false}\n");
  set("One %customer%");
  set("Two %customer%");
  EXPECT_EQ(json::parse(restore(1).out).at("version"), 3);
  EXPECT_EQ(subject_now("en"), "One ");
  EXPECT_EQ(json::parse(restore(0).out).at("version"), 4);
  EXPECT_TRUE(subject_now("en").starts_with("Remote support for "));
  const auto none = restore(9);
  EXPECT_EQ(none.code, 1);
  EXPECT_NE(none.err.find("there is no version 9 of sessions.en"), std::string::npos) << none.err;
  const auto shown = run(run_mail_template_show, {.kind = "sessions", .language = "en", .version = 9});
  EXPECT_NE(shown.err.find("there is no version 9 of sessions en"), std::string::npos) << shown.err;
  const auto french = run(run_mail_template_restore, {.kind = "sessions", .language = "fr", .version = 0});
  EXPECT_NE(french.err.find("no template of sessions.fr comes with the program"), std::string::npos);
}

TEST_P(MailTemplateTest, TheLanguageIsTheReadersOrTheNextBest) {
  EXPECT_TRUE(subject_now("el").starts_with("Απομακρυσμένη"));
  EXPECT_TRUE(subject_now("el-GR").starts_with("Απομακρυσμένη"));
  EXPECT_TRUE(subject_now("fr", "de").starts_with("Fernwartung"));
  EXPECT_TRUE(subject_now("", "de-AT").starts_with("Fernwartung"));
  EXPECT_TRUE(subject_now("fr", "sv").starts_with("Remote support"));
  ASSERT_EQ(set("Pour %customer%", "fr").code, 0);
  EXPECT_EQ(subject_now("fr", "de"), "Pour ");
  EXPECT_EQ(subject_now("fr-CA", "de"), "Pour ");
  ASSERT_EQ(set("Canada %customer%", "fr-CA").code, 0);
  EXPECT_EQ(subject_now("fr-CA", "de"), "Canada ");
}

TEST_P(MailTemplateTest, TheFiguresAreOfTheLanguageOfTheWords) {
  EXPECT_EQ(language_now("el"), "el");
  EXPECT_EQ(language_now("el-GR"), "el-gr") << "served by el";
  EXPECT_EQ(language_now("de", "el"), "de");
  EXPECT_EQ(language_now("fr", "de"), "de");
  EXPECT_EQ(language_now("fr", "de-AT"), "de");
  EXPECT_EQ(language_now("el", "sv"), "el");
  EXPECT_EQ(language_now("fr", "sv"), "en");
  EXPECT_EQ(language_now("", "el"), "el");
  EXPECT_EQ(language_now("EL", "de"), "el");
  EXPECT_EQ(language_now("el_GR", "de"), "el-gr") << "as it could be kept once";
  EXPECT_EQ(language_now("?", "de"), "de");
  ASSERT_EQ(set("Pour %customer%", "fr").code, 0);
  EXPECT_EQ(language_now("fr-CA", "de"), "fr-ca");
}

TEST_P(MailTemplateTest, UpperAndLowerCaseAreOneLanguage) {
  EXPECT_EQ(set("One for %customer%", "EL").out, "version 1 of sessions el holds from the next mail on\n");
  EXPECT_EQ(subject_now("el"), "One for ");
  EXPECT_EQ(set("One for %customer%", "el").out,
            "sessions el is unchanged: nothing differs from version 1\n");
  EXPECT_EQ(json::parse(run(run_mail_template_show, {.kind = "sessions", .language = "El", .json = true}).out)
                .at("version"),
            1);
  const auto history =
      run(run_mail_template_history, {.kind = "sessions", .language = "EL", .json = true}).out;
  EXPECT_EQ(json::parse(history).as_array().size(), 1u);
  EXPECT_EQ(run(run_mail_template_restore, {.kind = "sessions", .language = "EL", .version = 0}).out,
            "version 2 of sessions el holds from the next mail on\n");
  // As it was saved before.
  auto database = std::move(workspace().database);
  ASSERT_TRUE(database.transaction([](store::Transaction& tx) -> base::Status {
    store::MailTemplateRow row;
    row.kind = "sessions", row.language = "pt-BR", row.version = 1, row.subject = "Para";
    row.text = row.html = "%each session%%date%%end%%if exhausted%x%end%";
    store::must(store::add_mail_template(tx, row));
    return {};
  }));
  EXPECT_EQ(subject_now("pt-br"), "Para");
  const auto set_again = set("Para %customer%", "pt-BR");
  EXPECT_EQ(set_again.out, "version 2 of sessions pt-br holds from the next mail on\n") << set_again.err;
  EXPECT_EQ(subject_now("pt-BR"), "Para ");
}

TEST_P(MailTemplateTest, WhatCannotBeUsedIsRefusedBeforeItIsSaved) {
  const auto refused = [&](const MailTemplateOptions& options, const std::string& message) {
    for (const auto command : {run_mail_template_set, run_mail_template_check}) {
      const auto ran = run(command, options);
      EXPECT_EQ(ran.code, 1) << message;
      EXPECT_NE(ran.err.find(message), std::string::npos) << ran.err;
    }
  };
  refused({.kind = "sessions", .language = "en", .file = with_subject("%custmer%")},
          "sessions.txt: subject line 1: %custmer% is no known token; did you mean %customer%?");
  refused({.kind = "letter", .language = "en", .file = with_subject("x")},
          "'letter' is no kind of mail; there are sessions, partner_copy and notice");
  refused({.kind = "sessions", .language = "en", .file = file("x.txt", "Hello")},
          "x.txt: line 1: a template begins with the line === subject ===");
  refused({.kind = "sessions", .language = "en", .file = (folder_ / "none.txt").string()}, "cannot be read");
  refused({.kind = "sessions",
           .language = "en",
           .file = file("l.txt", std::string(mail::kTextsBytesMax + 1, '#'))},
          "has more than 197632 bytes");
  const auto language = set("x", "en us");
  EXPECT_NE(language.err.find("'en us' is no language such as en, el or pt-BR; did you mean en-US?"),
            std::string::npos);
  EXPECT_EQ(run(run_mail_template_history, {.kind = "sessions", .language = "en"}).out,
            "No saved versions: what comes with the program holds.\n");
  for (const auto command : {run_mail_template_show, run_mail_template_history, run_mail_template_restore})
    EXPECT_NE(run(command, {.kind = "letter", .language = "en"}).err.find("is no kind of mail"),
              std::string::npos);
  EXPECT_NE(run(run_mail_template_show, {.kind = "sessions", .language = "fr"})
                .err.find("there is no template of sessions in 'fr'"),
            std::string::npos);
}

TEST_P(MailTemplateTest, EveryNameIsExplained) {
  const auto all =
      json::parse(run(run_mail_template_tokens, {.kind = "", .language = "", .json = true}).out).as_array();
  EXPECT_EQ(all.size(),
            mail::known_tokens().size() + mail::known_loops().size() + mail::known_conditions().size() + 1);
  const auto notice =
      json::parse(run(run_mail_template_tokens, {.kind = "notice", .language = "", .json = true}).out)
          .as_array();
  EXPECT_LT(notice.size(), all.size());
  const auto text = run(run_mail_template_tokens, {.kind = "sessions", .language = ""}).out;
  for (const char* needle :
       {"%duration%", "%session_count%", "%total_time%", "%charged%", "%each session% ... %end%",
        "%if exhausted% ... %else% ... %end%", "inside %each session%"})
    EXPECT_NE(text.find(needle), std::string::npos) << needle;
  EXPECT_EQ(text.find("%threshold%"), std::string::npos);
  EXPECT_EQ(run(run_mail_template_tokens, {.kind = "letter", .language = ""}).code, 1);
}

}  // namespace
}  // namespace collector::commands
