#include "jobs/shipping/export_model.h"

#include "base/error.h"
#include "eval/predict.h"
#include "store/find_model.h"
#include "sys/file.h"

namespace inkling {
namespace {

void note_what_onnx_lacks(const Model& model, const std::string& file, JobObserver& observer) {
  if (model.predicts_by_views()) {
    observer.note(fmt::format(
        "{}: this model predicts the mean over {} views; the file has the network, which sees one",
        file, kViews.size()));
  }
  if (model.reads_ink()) {
    observer.note(fmt::format(
        "{}: the network only; give it digits already found and brought to MNIST's form", file));
  }
}

}  // namespace

ExportResult export_model(const ExportRequest& request, JobObserver& observer) {
  const std::string ending = request.out.extension().string();
  if (ending != ".onnx" && ending != ".safetensors") {
    throw usage_error("--out {}: expected a file name that ends in .onnx or .safetensors",
                      request.out.string());
  }
  const Model model = find_model(request.model).model;
  std::vector<uint8_t> bytes;
  if (ending == ".safetensors") {
    bytes = encode_model(model, request.dtype);
  } else {
    bytes = encode_onnx(model, {.opset = request.opset});
    note_what_onnx_lacks(model, request.out.string(), observer);
  }
  write_file(request.out, bytes);
  return {.network = model.net->name, .bytes = bytes.size()};
}

}  // namespace inkling
