#include "collector/commands/explain.h"

#include <boost/json.hpp>
#include <cstdlib>
#include <ostream>
#include <string_view>

#include "collector/commands/explain_json.h"
#include "collector/commands/explain_text.h"
#include "collector/commands/story.h"
#include "collector/commands/workspace.h"

namespace collector::commands {

int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err) {
  const auto subject = parse_subject(options.subject);
  if (!subject) return report(err, subject.error());
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto story = load_story(workspace->database, *subject);
  if (!story) return report(err, story.error());
  if (options.json) {
    out << boost::json::serialize(story_json(*story)) << '\n';
  } else {
    print_story(out, *story, options.utf8);
  }
  return 0;
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale{value};
    return locale.contains("UTF-8") || locale.contains("utf8") || locale.contains("utf-8") ||
           locale.contains("UTF8");
  }
  return false;
}

}  // namespace collector::commands
