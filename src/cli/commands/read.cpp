// inkling read
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "cli/text/reading_text.h"
#include "jobs/images/predict_pictures.h"

namespace inkling {

int run_read(const Arguments& arguments) {
  PicturesRequest request;
  std::string show;
  bool json = false;
  EngineOptions engine_options;
  CommandLine line("read",
                   "Read every digit in pictures: rows of digits, amounts, touching or apart.\n"
                   "Marks that are not digits are skipped.");
  line.text("--model", request.model,
            "run folder, package, file, hf://OWNER/NAME or URL (default: the built-in reader)");
  line.flag("--json", json, "print a line of JSON per picture: text, boxes, confidence");
  line.text("--show", show, "folder for figures of each picture's steps: ink, cuts, digits");
  add_engine_options(line, engine_options);
  line.positionals("PICTURE", request.pictures, true,
                   "picture files, folders of them, quoted patterns, - for standard input");
  if (!line.parse(arguments)) return kDone;

  request.show = show;
  Engine engine(engine_options);
  TerminalObserver observer;
  int code = kDone;
  read_pictures(request, engine, observer, [&](const PictureReading& result) {
    if (!result.trouble.empty()) {
      say("inkling: {}\n", result.trouble);
      code = kFailed;
    }
    fmt::print("{}\n", json ? json_line(result.file, to_json(result.reading))
                            : text_line(result.file, result.reading));
  });
  return code;
}

}  // namespace inkling
