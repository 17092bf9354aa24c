// The commands of the program, one file each. Each takes the arguments behind its name, prints its
// result to stdout and its progress to stderr, and throws Error if it cannot.
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
int run_read(const Arguments& arguments);
int run_export(const Arguments& arguments);
int run_package(const Arguments& arguments);
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
    {"pipeline", "everything in one go: data, training, evaluation, comparison, report",
     run_pipeline},
    {"inspect", "check a dataset before training: faults, copies, wrong labels", run_inspect},
    {"train", "train a network from a recipe into a run folder, or resume one", run_train},
    {"sweep", "train a grid over recipe fields and choose on validation images", run_sweep},
    {"ensemble", "combine several trained models into one", run_ensemble},
    {"evaluate", "evaluate a trained network: accuracy, calibration, robustness", run_evaluate},
    {"compare", "compare trained networks on the same images, tested in pairs", run_compare},
    {"report", "write report.html, a page about a run, and its figures", run_report},
    {"explain", "show which pixels a prediction depends on: three maps as a PNG", run_explain},
    {"predict", "classify pictures of one digit each", run_predict},
    {"read", "read every digit in pictures: rows, amounts", run_read},
    {"export", "write a trained network as ONNX, or with smaller weights", run_export},
    {"package", "make a Hugging Face model repository of a trained model, or check one",
     run_package},
    {"data", "download known datasets or draw synthetic digits", run_data},
    {"models", "list the networks that come with Inkling: parameters, FLOPs", run_models},
    {"bench", "measure the engine on this machine: layers, training, inference", run_bench},
    {"info", "show version, CPU variant, threads and where data was found", run_info},
};

}  // namespace inkling
