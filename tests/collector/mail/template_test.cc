#include "collector/mail/template.h"

#include <gtest/gtest.h>

#include <set>
#include <span>

#include "collector/mail/texts.h"

namespace collector::mail {
namespace {

const std::string kSessions = "%each session%%charged%%end%%if exhausted%over%end%";
const std::string kNotices = "%each notice%%contract%%end%";

TemplateTexts with(Part part, std::string text, Kind kind = Kind::sessions) {
  const auto& body = kind == Kind::notice ? kNotices : kSessions;
  TemplateTexts texts{{"For %customer%", body, body}};
  texts[part] = std::move(text);
  return texts;
}

std::string refusal(Kind kind, Part part, const std::string& text) {
  const auto loaded = Templates::load(kind, with(part, text, kind));
  if (loaded) return "(it loads)";
  EXPECT_EQ(loaded.error().code, base::ErrorCode::invalid_argument);
  return loaded.error().message;
}

TEST(Templates, TheShippedOnesLoad) {
  for (const auto kind : {Kind::sessions, Kind::partner_copy, Kind::notice}) {
    for (const auto language : shipped_languages()) {
      const auto texts = shipped_texts(kind, language);
      ASSERT_TRUE(texts) << to_string(kind) << " " << language;
      const auto loaded = Templates::load(kind, *texts);
      EXPECT_TRUE(loaded) << to_string(kind) << " " << language << ": " << loaded.error().message;
    }
  }
}

TEST(Templates, EveryNameStandsOnceWithAMeaning) {
  std::set<std::string_view> names;
  for (const auto& known : known_tokens()) {
    EXPECT_TRUE(names.insert(known.name).second) << known.name;
    EXPECT_FALSE(known.meaning.empty() || known.example.empty()) << known.name;
    EXPECT_EQ(&known, &known_tokens()[static_cast<std::size_t>(known.token)]) << known.name;
  }
  names.clear();
  for (const auto& known : known_conditions()) {
    EXPECT_TRUE(names.insert(known.name).second) << known.name;
    EXPECT_FALSE(known.meaning.empty()) << known.name;
    EXPECT_EQ(&known, &known_conditions()[static_cast<std::size_t>(known.condition)]) << known.name;
  }
}

struct Loop {
  Scopes scope;
  std::string begin, end;
};

TEST(Templates, EveryNameLoadsWhereItHasAMeaningAndNowhereElse) {
  const Loop places[] = {{kInMail, "", ""},
                         {kInSession, "%each session%", "%end%"},
                         {kInContract, "%each contract%", "%end%"},
                         {kInNotice, "%each notice%", "%end%"}};
  for (const auto kind : {Kind::sessions, Kind::partner_copy, Kind::notice}) {
    const auto& body = kind == Kind::notice ? kNotices : kSessions;
    for (const auto& place : places) {
      const bool is_there = (place.scope == kInNotice) == (kind == Kind::notice) || place.scope == kInMail;
      const auto loads = [&](const std::string& mark) {
        return Templates::load(kind, with(Part::html, body + place.begin + mark + place.end, kind))
            .has_value();
      };
      EXPECT_EQ(loads("x"), is_there) << place.begin;
      const auto expected = [&](const auto& known) {
        return is_there && (known.kinds & bit_of(kind)) != 0 && (known.scopes & (place.scope | kInMail)) != 0;
      };
      for (const auto& known : known_tokens())
        EXPECT_EQ(loads("%" + std::string{known.name} + "%"), expected(known)) << known.name << place.begin;
      for (const auto& known : known_conditions())
        EXPECT_EQ(loads("%if not " + std::string{known.name} + "%%end%"), expected(known))
            << known.name << place.begin;
    }
  }
}

struct Row {
  Part part;
  std::string text;
  std::string message;
};

void expect_refusals(Kind kind, std::span<const Row> rows) {
  for (const auto& row : rows) EXPECT_EQ(refusal(kind, row.part, row.text), row.message) << row.text;
}

TEST(Templates, WhatIsWrongWithANameIsSaid) {
  const std::string lone = "a percent sign that begins no token is written %%";
  const Row rows[] = {
      {Part::subject, "for %custmer%",
       "subject line 1: %custmer% is no known token; did you mean %customer%?"},
      {Part::subject, "%Customer%", "subject line 1: %Customer% is no known token; did you mean %customer%?"},
      {Part::subject, "%CUSTOMER%", "subject line 1: %CUSTOMER% is no known token; did you mean %customer%?"},
      {Part::text, "%session count%",
       "text line 1: %session count% is no known token; did you mean %session_count%?"},
      {Part::text, "%Total time% spent",
       "text line 1: %Total time% is no known token; did you mean %total_time%?"},
      {Part::text, "%if EXHAUSTED%",
       "text line 1: %if EXHAUSTED% is no known condition; did you mean %if exhausted%?"},
      {Part::text, "%πελάτης%", "text line 1: %πελάτης% is no known token"},
      {Part::text, "%όνομα πελάτη%", "text line 1: %όνομα πελάτη% is no known token"},
      {Part::text, "%" + std::string(40, 'z') + "%",
       "text line 1: %" + std::string(40, 'z') + "% is no known token"},
      {Part::subject, "%qqqqqqqqqq%", "subject line 1: %qqqqqqqqqq% is no known token"},
      {Part::text, kSessions + "\n\n%total_tim%",
       "text line 3: %total_tim% is no known token; did you mean %total_time%?"},
      {Part::text, "%ens%", "text line 1: %ens% is no known token; did you mean %end%?"},
      {Part::text, "%if%", "text line 1: %if% lacks a name, as in %if exhausted%"},
      {Part::text, "%each%", "text line 1: %each% lacks a name, as in %each session%"},
      {Part::text, "%if exhusted%",
       "text line 1: %if exhusted% is no known condition; did you mean %if exhausted%?"},
      {Part::text, "%if not prepayd%",
       "text line 1: %if not prepayd% is no known condition; did you mean %if not prepaid%?"},
      {Part::text, "%each sesion%",
       "text line 1: %each sesion% is no known loop; did you mean %each session%?"},
      {Part::subject, "%duration%", "subject line 1: %duration% is known only inside %each session%"},
      {Part::text, "\n%balance%", "text line 2: %balance% is known only inside %each contract%"},
      {Part::text, "%if comment%", "text line 1: %if comment% is known only inside %each session%"},
      {Part::text, "%threshold%", "text line 1: %threshold% is known only in notice mails"},
      {Part::text, "%each notice%", "text line 1: %each notice% is known only in notice mails"},
      {Part::text, "%if ends_soon%", "text line 1: %if ends_soon% is known only in notice mails"},
      {Part::text, "%logo%", "text line 1: %logo% is known only in html"},
      {Part::subject, "%logo_width%", "subject line 1: %logo_width% is known only in html"},
      {Part::subject, "100% sure", "subject line 1: " + lone},
      {Part::subject, "100%", "subject line 1: " + lone},
      {Part::subject, "%customer", "subject line 1: " + lone},
      {Part::subject, "%%%", "subject line 1: " + lone},
      {Part::subject, "50% or 60% of it", "subject line 1: " + lone},
      {Part::subject, "some% or many% of it", "subject line 1: " + lone},
      {Part::subject, "50%, 60% of it", "subject line 1: " + lone},
      {Part::subject, "%a" + std::string(40, ' ') + "b%", "subject line 1: " + lone},
      {Part::subject, "%so much of what was bought in time is used%", "subject line 1: " + lone},
      {Part::text, "%customer\n%", "text line 1: " + lone},
      {Part::text, "%if a b%", "text line 1: " + lone},
      {Part::text, "%if not a b%", "text line 1: " + lone},
      {Part::text, "%each session now%", "text line 1: " + lone},
      {Part::text, "% customer%", "text line 1: " + lone},
  };
  expect_refusals(Kind::sessions, rows);
  const Row notices[] = {
      {Part::text, "%total_time%",
       "text line 1: %total_time% is known only in sessions or partner_copy mails"},
      {Part::text, "%each session%",
       "text line 1: %each session% is known only in sessions or partner_copy mails"},
      {Part::text, "%contract%", "text line 1: %contract% is known only inside %each notice%"}};
  expect_refusals(Kind::notice, notices);
}

TEST(Templates, WhatIsWrongWithABlockIsSaid) {
  std::string deep, back;
  for (std::size_t i = 0; i < kNestingMax; ++i) deep += "%if partner%", back += "%end%";
  const Row rows[] = {
      {Part::text, "a\n%if partner%\nb", "text line 2: %if partner% is not closed; %end% is missing"},
      {Part::text, "%each session%\n%if comment%%end%",
       "text line 1: %each session% is not closed; %end% is missing"},
      {Part::text, "a%end%", "text line 1: %end% closes nothing"},
      {Part::text, "a\n%else%", "text line 2: %else% belongs to no %if ...%"},
      {Part::text, "%each session%%else%%end%", "text line 1: %else% belongs to no %if ...%"},
      {Part::text, "%if partner%\n%else%\n%else%%end%",
       "text line 3: a second %else% of %if partner% in line 1"},
      {Part::text, "%each session%%each contract%%end%%end%",
       "text line 1: %each contract% cannot stand inside another %each ...%"},
      {Part::subject, "%each session%%end%",
       "subject line 1: %each session% cannot stand in the subject, which is one line"},
      {Part::text, deep + "%if logo%" + back + "%end%",
       "text line 1: %if logo% stands inside more than 8 others"},
  };
  expect_refusals(Kind::sessions, rows);
  EXPECT_TRUE(Templates::load(Kind::sessions, with(Part::text, kSessions + deep + back)));
}

TEST(Templates, WhatIsWrongWithAPartIsSaid) {
  const Row rows[] = {
      {Part::subject, "a\nb", "subject has more than one line"},
      {Part::subject, "a\rb", "subject has a control character"},
      {Part::subject, " ", "subject is empty"},
      {Part::text, "", "text is empty"},
      {Part::html, " \n\t", "html is empty"},
      {Part::text, "a\x01", "text has a control character"},
      {Part::html, "a\x7F", "html has a control character"},
      {Part::html, std::string{"a\0b", 3}, "html has a control character"},
      {Part::html, "a\xFF", "html is not UTF-8"},
      {Part::html, "\xED\xA0\x80", "html is not UTF-8"},
      {Part::html, std::string(kPartBytesMax + 1, 'a'), "html has more than 65536 bytes"},
  };
  expect_refusals(Kind::sessions, rows);
}

TEST(Templates, NobodyCanBeForgotten) {
  const auto lacks = [](const char* part, const char* what) {
    return std::string{part} + " can come out without " + what +
           ", so somebody would not be told; put it outside any other %if ...%";
  };
  constexpr auto kEach = "%each session% ... %end%";
  constexpr auto kOver = "%if exhausted% ... %end%";
  const std::string each = "%each session%%date%%end%", over = "%if exhausted%x%end%";
  const Row rows[] = {
      {Part::text, "Hello", lacks("text", kEach)},
      {Part::html, over, lacks("html", kEach)},
      {Part::html, over + "%each session% %end%", lacks("html", kEach)},
      {Part::html, over + "%if charged%" + each + "%end%", lacks("html", kEach)},
      {Part::text, each, lacks("text", kOver)},
      {Part::text, each + "%if exhausted% \n%end%", lacks("text", kOver)},
      {Part::text, each + "%if not exhausted%x%end%", lacks("text", kOver)},
      {Part::text, each + "%if charged%" + over + "%end%", lacks("text", kOver)},
      {Part::text, "%each session%%date%" + over + "%end%", lacks("text", kOver)},
      {Part::text, each + "%if exhausted%x%end%", "(it loads)"},
      {Part::text, each + "%if not exhausted%%else%x%end%", "(it loads)"},
      {Part::text, each + "%each contract%" + over + "%end%", "(it loads)"},
      {Part::text, each + "%if charged%" + over + "%else%" + over + "%end%", "(it loads)"},
      {Part::text, over + "%if several_sessions%" + each + "%else%" + each + "%end%", "(it loads)"},
  };
  expect_refusals(Kind::sessions, rows);
  EXPECT_EQ(refusal(Kind::partner_copy, Part::text, "Hello"), lacks("text", kEach));
  EXPECT_EQ(refusal(Kind::partner_copy, Part::text, each), "(it loads)");
  EXPECT_EQ(refusal(Kind::notice, Part::html, "Hello"), lacks("html", "%each notice% ... %end%"));
}

TEST(Templates, InTheHtmlAValueIsAlwaysText) {
  const auto wrong = [](const std::string& what) { return "html line 2: " + what; };
  const std::string middle =
      "a block cannot begin or end in the middle of a tag's name, of an attribute or of an end";
  const std::string other =
      "a block that begins inside a tag ends inside another, or in another of its attributes";
  const std::string remote = "src= must be %logo%: nothing is fetched from outside";
  const std::string target = "href= must begin with https:, http:, mailto:, tel: or #";
  const Row rows[] = {
      {Part::html, "<a href=\"%customer%\">",
       wrong("%customer% cannot stand inside a tag, only between tags")},
      {Part::html, "<b %customer%>", wrong("%customer% cannot stand inside a tag, only between tags")},
      {Part::html, "<b a='%customer%'>", wrong("%customer% cannot stand inside a tag, only between tags")},
      {Part::html, "<!-- %customer% -->",
       wrong("%customer% cannot stand inside a comment, only between tags")},
      {Part::html, "<style>a{%customer%}</style>",
       wrong("%customer% cannot stand inside <style>, only between tags")},
      {Part::html, "<img src=%logo%>",
       wrong("%logo% may stand between tags or inside double quotes, not inside a tag")},
      {Part::html, "<img src='%logo%'>",
       wrong("%logo% may stand between tags or inside double quotes, not inside a tag")},
      {Part::html, "<SCRIPT>", wrong("<script> cannot be used in a mail")},
      {Part::html, "<iframe src=x>", wrong("<iframe> cannot be used in a mail")},
      {Part::html, "<form\n>", "html line 2: <form> cannot be used in a mail"},
      {Part::html, "<b %if partner%>%end%", wrong("a block that begins inside a tag ends between tags")},
      {Part::html, "%if partner%<b %else%%end%>",
       wrong("a block that begins between tags ends inside a tag")},
      {Part::html, "%each contract%<!--%end%-->",
       wrong("a block that begins between tags ends inside a comment")},
      {Part::html, "<sc%if partner% x%end%ript>", wrong(middle)},
      {Part::html, "<%if partner%script%end%>", wrong(middle)},
      {Part::html, "<td%if partner% class=\"x\"%end%>", wrong(middle)},
      {Part::html, "<td o%if partner%n%end%click=\"x\">", wrong(middle)},
      {Part::html, "<td %if partner%class%end%=\"x\">", wrong(middle)},
      {Part::html, "<td class%if partner%=\"x\"%end%>", wrong(middle)},
      {Part::html, "<td class=%if partner%x%end%>", wrong(middle)},
      {Part::html, "<p %if partner%><meta %end%http-equiv=\"refresh\">", wrong(other)},
      {Part::html, "<td class=\"%if partner%\" id=\"%end%\">", wrong(other)},
      {Part::html, "<td %if partner%class=\"%end%\">",
       wrong("a block that begins between the attributes of a tag ends inside one, or the other way round")},
      {Part::html, "<!-- -%if partner%x%end%-> %customer% -->", wrong(middle)},
      {Part::html, "<!--%if partner%x%end%> %customer% -->", wrong(middle)},
      {Part::html, "<style>a{}%if partner%b{}%end%</style>", wrong("a block cannot stand inside <style>")},
      {Part::html, "<title></ti%if partner%x%end%tle>", wrong(middle)},
      {Part::html, "<title>%if partner%</title>%end%",
       wrong("a block that begins inside <title> ends between tags")},
      {Part::html, "<!--> <script> -->", wrong("<script> cannot be used in a mail")},
      {Part::html, "<!---> <script> -->", wrong("<script> cannot be used in a mail")},
      {Part::html, "<!-- --!> <script> -->", wrong("<script> cannot be used in a mail")},
      {Part::html, "<title><!--</title><script>-->", wrong("<script> cannot be used in a mail")},
      {Part::html, "<svg/onload=x>", wrong("<svg> cannot be used in a mail")},
      {Part::html, "<b ONCLICK=\"x()\">", wrong("onclick= cannot be used in a mail: it runs something")},
      {Part::html, "<b/onclick=x()>", wrong("onclick= cannot be used in a mail: it runs something")},
      {Part::html, "<b onclick >", wrong("onclick= cannot be used in a mail: it runs something")},
      {Part::html, "<img src=\"https://x.example/a.png\">", wrong(remote)},
      {Part::html, "<img src=//x.example/a.png>", wrong(remote)},
      {Part::html, "<td background='http://x.example/a.png'>",
       wrong("background= must be %logo%: nothing is fetched from outside")},
      {Part::html, "<img src=\"%if logo%%logo%%else%http://x.example%end%\">",
       wrong("a block cannot stand inside src=; put the whole tag into it")},
      {Part::html, "<img srcset=\"cid:a 2x\">",
       wrong("srcset= cannot be used in a mail: it fetches something")},
      {Part::html, "<a href=\"JavaScript:x()\">", wrong(target)},
      {Part::html, "<a href=\"&#106;avascript:x()\">", wrong(target)},
      {Part::html, "<meta HTTP-EQUIV=\"Refresh\" content=\"0; url=http://x.example\">",
       wrong("http-equiv= can only be Content-Type or X-UA-Compatible")},
      {Part::html, "<b style=\"background: URL( 'http://x.example')\">",
       wrong("url( in a style must be of the embedded logo: cid:...")},
      {Part::html, "<b style=\"background:u\\72l(x)\">", wrong("a backslash cannot be used in a style")},
      {Part::html, "<b style=\"background:&#117;rl(x)\">",
       wrong("a character reference cannot be used in a style")},
      {Part::html, "<b style=\"background:u%if partner%%end%rl(x)\">",
       wrong("a style with a block in it can have no '(', '@' or '&'")},
      {Part::html, "<style>@IMPORT 'http://x.example';</style>",
       wrong("@import cannot be used in a style: it fetches or runs something")},
      {Part::html, "<style>a{background:url(//x.example)}</style>",
       wrong("url( in a style must be of the embedded logo: cid:...")},
      {Part::html, "<b x\" > <i title=\">%customer%", wrong("a \" stands in the name of an attribute")},
      {Part::html, "<b x=a\">", wrong("a \" stands in a value without quotes")},
      {Part::html, "<b \"x\">", wrong("a \" stands where an attribute begins")},
      {Part::html, "<style></stylex>%customer%</style>",
       wrong("%customer% cannot stand inside <style>, only between tags")},
      {Part::html, "<title>x", wrong("the HTML ends inside <title>")},
      {Part::html, "<b", wrong("the HTML ends inside a tag")},
      {Part::html, "<!-- <b>", wrong("the HTML ends inside a comment")},
      {Part::html, "<style>b{}", wrong("the HTML ends inside <style>")},
  };
  for (const auto& row : rows)
    EXPECT_EQ(refusal(Kind::sessions, row.part, kSessions + "\n" + row.text), row.message) << row.text;
  for (const std::string fine :
       {"<td %if partner%class=\"x\"%end%>%customer%</td>",
        "<td class=\"a%if partner% b%end%\">",
        "<b style=\"color:%if partner%red%else%green%end%\">%customer%</b>",
        "<b style=\"font-family:&quot;x&quot;\">%customer%</b>",
        "<a href=\"https://x.example/?a=1&amp;b=2\">x</a><a href='mailto:a@x.example'>y</a><a "
        "href=#top>z</a>",
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">",
        "<title>a <b> %customer%%if partner%, %recipient%%end%</title >%customer%",
        "<!-- a -- %if partner%b%end% -->%customer%",
        "<!DOCTYPE html>%customer%",
        "<!---->%customer%",
        "<!--[if !mso]><!-->%customer%<!--<![endif]-->",
        "<td nowrap align = left valign='top' >%customer%</td>",
        "<table background=\"%logo%\"><td style=\"background:url('cid:x')\">%customer%</td></table>",
        "<style>a{color:rgb(0,0,0)}</style >%customer%",
        "<img src=\"%logo%\" width=\"%logo_width%\">",
        "<html lang=\"%language%\">",
        "a < b, %customer%",
        "<title>%customer%</title>",
        "1 <2 <= 3%customer%",
        "<!--[if mso]><table><![endif]-->%customer%",
        "<style>a{}</style>%customer%",
        "<br/>%customer%"}) {
    EXPECT_EQ(refusal(Kind::sessions, Part::html, kSessions + "\n" + fine), "(it loads)") << fine;
  }
}

TEST(Templates, WhatABrowserSendsLoads) {
  const auto texts = with(Part::subject, "for %customer%\r\n\r\n");
  EXPECT_TRUE(Templates::load(Kind::sessions, texts));
  EXPECT_EQ(normalised(texts)[Part::subject], "for %customer%");
  EXPECT_EQ(normalised(with(Part::text, "a\r\nb\r"))[Part::text], "a\nb\r");
}

TEST(Templates, EveryCutOfTheShippedOnesLoadsOrIsRefusedWithAReason) {
  const auto texts = shipped_texts(Kind::sessions, "en").value();
  for (const auto part : {Part::subject, Part::text, Part::html}) {
    for (std::size_t cut = 0; cut <= texts[part].size(); cut += part == Part::html ? 7 : 1) {
      auto changed = texts;
      changed[part].resize(cut);
      const auto loaded = Templates::load(Kind::sessions, changed);
      if (loaded) continue;
      EXPECT_TRUE(loaded.error().message.starts_with(to_string(part))) << loaded.error().message;
    }
  }
}

}  // namespace
}  // namespace collector::mail
