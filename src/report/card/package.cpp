#include "report/card/package.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <regex>

#include "base/error.h"
#include "base/index.h"
#include "store/find_model.h"
#include "store/model_file.h"
#include "store/onnx/onnx_model.h"
#include "store/weights_hash.h"
#include "sys/file.h"
#include "sys/json_file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kKnownToTransformersJs = "mobilenet_v4";

// Collects what is wrong; one fault does not hide the next.
class Inspector {
 public:
  explicit Inspector(const fs::path& folder) : folder_(folder) {}

  std::vector<std::string> run() {
    for (const char* file : {"README.md", "LICENSE", ".gitattributes", "example.png"}) text(file);
    check([&] { model_.emplace(load_model(folder_ / kModelFile)); });
    check([&] { expect_config(); });
    check([&] { expect_preprocessor(); });
    check([&] { expect_metrics(); });
    check([&] { expect_card(); });
    check([&] { expect_onnx("model.onnx", OnnxInterface::kImage); });
    check([&] { expect_onnx("onnx/model.onnx", OnnxInterface::kPixelValues); });
    check([&] { expect_attributes(); });
    return std::move(faults_);
  }

 private:
  void check(const std::function<void()>& look) {
    try {
      look();
    } catch (const Error& error) {  // a fault, not the end
      fault(error.what());
    }
  }

  void fault(const std::string& what) { faults_.push_back(what); }

  // A file's text; missing or empty is a fault.
  std::string text(const std::string& file) {
    std::string content;
    check([&] {
      content = read_text_file(folder_ / file);
      if (content.find_first_not_of(" \n\r\t") == std::string::npos) fault(file + ": is empty");
    });
    return content;
  }

  void expect_equal(const std::string& file, const std::string& key, const json& expected,
                    const json& found) {
    if (expected == found) return;
    fault(fmt::format("{}: {}: expected {}, found {}", file, key, expected.dump(), found.dump()));
  }

  void expect_config() {
    const json config = read_json_object(folder_ / "config.json");
    if (!model_) return;
    const json wanted = json(hub_config(*model_));
    for (const char* key : {"model_type", "id2label", "label2id"}) {
      expect_equal("config.json", key, wanted[key], config.value(key, json()));
    }
  }

  void expect_preprocessor() {
    const json found = read_json_object(folder_ / "preprocessor_config.json");
    if (!model_) return;
    const json wanted = json(hub_preprocessor(*model_));
    for (const auto& [key, value] : wanted.items()) {
      expect_equal("preprocessor_config.json", key, value, found.value(key, json()));
    }
  }

  void expect_metrics() {
    if (!fs::exists(folder_ / "metrics.json")) return;  // not evaluated
    metrics_ = read_json_object(folder_ / "metrics.json");
    if (!model_) return;
    expect_equal("metrics.json", "weights_sha256",
                 weights_sha256(tensors_of(*model_->net, model_->parameters)),
                 metrics_.value("weights_sha256", json()));
  }

  void expect_card() {
    const std::string card = text("README.md");
    if (card.empty()) return;
    const size_t end = card.find("\n---", 3);
    if (!card.starts_with("---\n") || end == std::string::npos) {
      return fault("README.md: expected front matter between two lines of ---, found none");
    }
    const std::string front = card.substr(4, end - 4 + 1);
    const auto value_of = [&](const std::string& key) -> std::string {
      std::smatch match;
      const std::regex line("(^|\n)" + key + ":[ ]*([^\n]*)");
      if (!std::regex_search(front, match, line)) {
        fault("README.md: the front matter lacks " + key);
        return "";
      }
      return match[2];
    };
    if (value_of("license").empty()) fault("README.md: the front matter names no license");
    value_of("library_name");
    const std::string task = value_of("pipeline_tag");
    if (!task.empty() && task != "image-classification") {
      fault("README.md: pipeline_tag: expected image-classification, found " + task);
    }
    if (metrics_.is_object()) expect_results(value_of("model-index"));
    expect_pictures(card);
  }

  // The accuracy that the card claims is the one that was measured.
  void expect_results(const std::string& index) {
    const json results = json::parse(index, nullptr, false);
    const json::json_pointer accuracy("/0/results/0/metrics/0/value");
    const json claimed = results.contains(accuracy) ? results.at(accuracy) : json();
    expect_equal("README.md", "model-index, accuracy", metrics_.value("accuracy", json()), claimed);
  }

  void expect_pictures(const std::string& card) {
    static const std::regex kPicture(R"(!\[[^\n]*\]\(([^)\n]+)\))");
    for (std::sregex_iterator it(card.begin(), card.end(), kPicture), end; it != end; ++it) {
      const std::string file = (*it)[1];
      if (file.find("://") != std::string::npos || fs::exists(folder_ / file)) continue;
      fault(fmt::format("README.md: shows {}, which is not there", file));
    }
  }

  // The same graph that the weights give today; of another version's one that is a graph at all.
  void expect_onnx(const std::string& file, OnnxInterface interface) {
    const std::vector<uint8_t> bytes = read_file(folder_ / file);
    if (!model_) return;
    if (bytes != encode_onnx(*model_, {.interface = interface})) {
      fault(file + ": is not what model.safetensors gives; export it again");
    }
  }

  void expect_attributes() {
    const std::string attributes = text(".gitattributes");
    for (const char* pattern : {"*.onnx", "*.safetensors"}) {
      const size_t at = attributes.find(pattern);
      if (at == std::string::npos ||
          attributes.substr(at, attributes.find('\n', at) - at).find("filter=lfs") ==
              std::string::npos) {
        fault(fmt::format(".gitattributes: expected {} with filter=lfs, found none", pattern));
      }
    }
  }

  const fs::path folder_;
  std::optional<Model> model_;
  json metrics_;
  std::vector<std::string> faults_;
};

}  // namespace

nlohmann::ordered_json hub_config(const Model& model) {
  nlohmann::ordered_json names = nlohmann::ordered_json::object(), indices = names;
  for (int c = 0; c < count_of(model.class_names); ++c) {
    names[std::to_string(c)] = at(model.class_names, c);
    indices[at(model.class_names, c)] = c;
  }
  return {{"model_type", kKnownToTransformersJs},
          {"architectures", {"MobileNetV4ForImageClassification"}},
          {"id2label", names},
          {"label2id", indices},
          {"transformers.js_config", {{"dtype", "fp32"}}},
          {"inkling_version", INKLING_VERSION}};
}

nlohmann::ordered_json hub_preprocessor(const Model& model) {
  constexpr int kBilinear = 2;
  const Shape& input = model.net->input;
  return {{"image_processor_type", "ViTImageProcessor"},
          {"do_resize", true},
          {"size", {{"height", input.height}, {"width", input.width}}},
          {"resample", kBilinear},
          {"do_rescale", true},
          {"rescale_factor", 1.0 / 255},
          {"do_normalize", false},
          {"do_convert_rgb", true}};
}

std::string_view git_attributes() {
  return "*.onnx filter=lfs diff=lfs merge=lfs -text\n"
         "*.safetensors filter=lfs diff=lfs merge=lfs -text\n"
         "*.png filter=lfs diff=lfs merge=lfs -text\n";
}

std::vector<std::string> package_faults(const std::filesystem::path& folder) {
  if (!fs::is_directory(folder)) {
    throw input_error("{}: expected the folder of a package, found none", folder.string());
  }
  return Inspector(folder).run();
}

}  // namespace inkling
