#include "jobs/shipping/export_model.h"

#include "base/error.h"
#include "eval/predict.h"
#include "store/find_model.h"
#include "sys/file.h"

namespace inkling {

ExportResult export_model(const ExportRequest& request, JobObserver& observer) {
  if (request.out.extension() != ".onnx") {
    throw usage_error("--out {}: expected a file name that ends in .onnx", request.out.string());
  }
  const Model model = find_model(request.model).model;
  const std::vector<uint8_t> bytes = encode_onnx(model, {.opset = request.opset});
  if (model.predicts_by_views()) {
    observer.note(fmt::format(
        "{}: this model predicts the mean over {} views; the file has the network, which sees one",
        request.out.string(), kViews.size()));
  }
  if (model.reads_ink()) {
    observer.note(fmt::format(
        "{}: the network alone; it expects a digit in MNIST's form, found and centred before",
        request.out.string()));
  }
  write_file(request.out, bytes);
  return {.network = model.net->name, .bytes = bytes.size()};
}

}  // namespace inkling
