// inkling export
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/terminal_observer.h"
#include "jobs/shipping/export_model.h"

namespace inkling {

int run_export(const Arguments& arguments) {
  ExportRequest request;
  std::string out, dtype = "F32";
  CommandLine line(
      "export",
      "Write a trained network as ONNX, for ONNX Runtime and whatever else reads it:\n"
      "input \"image\" f32 [N, C, H, W] with pixels in 0 to 1, outputs \"logits\" and\n"
      "\"probabilities\" [N, classes], any N; or as safetensors with smaller weights.");
  line.text("--model", request.model,
            "run folder, package, file, hf://OWNER/NAME, URL, or reader, the built-in one");
  line.text("--out", out, "file to write, NAME.onnx or NAME.safetensors");
  line.integer("--opset", request.opset, kOldestOpset, kNewestOpset,
               "ONNX: version of the operators");
  line.choice("--dtype", dtype, {"F32", "F16", "BF16", "I8"},
              "safetensors: type of the weights; I8 has a scale per output channel");
  if (!line.parse(arguments)) return kDone;
  if (request.model.empty()) throw usage_error("export: --model is missing");
  if (out.empty()) throw usage_error("export: --out is missing");
  request.out = out;
  for (const Dtype one : {Dtype::kF16, Dtype::kBf16, Dtype::kI8}) {
    if (dtype == dtype_name(one)) request.dtype = one;
  }
  TerminalObserver observer;
  const ExportResult result = export_model(request, observer);
  fmt::print("{}: {}, {:.1f} kB\n", out, result.network, static_cast<double>(result.bytes) / 1e3);
  return kDone;
}

}  // namespace inkling
