// The commands of the program, one file each. Each takes the arguments behind its name, prints its
// result to stdout and its progress to stderr, and throws Error where it cannot.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inkling {

using Arguments = std::vector<std::string>;

// Exit codes of the program.
inline constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2, kInterruptedExit = 130;

int run_pipeline(const Arguments& arguments);
int run_inspect(const Arguments& arguments);
int run_train(const Arguments& arguments);
int run_sweep(const Arguments& arguments);
int run_ensemble(const Arguments& arguments);
int run_evaluate(const Arguments& arguments);
int run_compare(const Arguments& arguments);
int run_report(const Arguments& arguments);
int run_explain(const Arguments& arguments);
int run_predict(const Arguments& arguments);
int run_models(const Arguments& arguments);
int run_info(const Arguments& arguments);
int run_data(const Arguments& arguments);
int run_bench(const Arguments& arguments);

struct Command {
  std::string_view name;
  std::string_view about;
  int (*run)(const Arguments& arguments);
};

inline constexpr Command kCommands[] = {
    {"pipeline", "the whole way: data, training, evaluation, comparison, report", run_pipeline},
    {"inspect", "look at a data set before training: faults, copies, wrong labels", run_inspect},
    {"train", "train a network by a recipe into a run folder, or go on with one", run_train},
    {"sweep", "train a grid over recipe fields, choose on validation images", run_sweep},
    {"ensemble", "make one model of several trained ones", run_ensemble},
    {"evaluate", "judge a trained network: accuracy, calibration, robustness", run_evaluate},
    {"compare", "trained networks side by side on the same images, tested in pairs", run_compare},
    {"report", "write a page about a run, and its figures: report.html", run_report},
    {"explain", "show what in a picture a network goes by: three maps as a PNG", run_explain},
    {"predict", "read pictures of one digit each", run_predict},
    {"data", "download known data sets, draw synthetic digits", run_data},
    {"models", "list the networks that come with Inkling: parameters, FLOPs", run_models},
    {"bench", "measure the engine on this machine: layers, training, inference", run_bench},
    {"info", "version, CPU variant, threads, where data was found", run_info},
};

}  // namespace inkling
