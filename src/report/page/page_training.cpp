// The page's sections on the data, the training and how to reproduce the run.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/index.h"
#include "base/number_text.h"
#include "report/page/page_sections.h"
#include "train/run/run_files.h"

namespace inkling {
namespace {

// Findings are written without a capital and a full stop.
std::string sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text.empty() ? text : text + ".";
}

nlohmann::json layers_of(const Architecture& net) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Layer& layer : net.layers) {
    size_t parameters = 0;
    for (const int slot : {layer.weight, layer.bias, layer.mean, layer.variance}) {
      if (slot >= 0) parameters += at(net.slots, slot).size;
    }
    rows.push_back({{"name", layer.spec.name},
                    {"output", to_string(layer.out)},
                    {"parameters", parameters == 0 ? "" : grouped(parameters)}});
  }
  return {{"caption", fmt::format("{} parameters, {:.2f} MFLOP per image",
                                  grouped(net.parameter_count()), net.flops() / 1e6)},
          {"rows", rows}};
}

// Which epoch's weights these are. Without validation images, or if the recipe says so, the last
// epoch's are kept without a choice.
std::string kept_text(const RunRecord& record) {
  const int epochs = count_of(record.history), kept = record.best_epoch();
  if (kept == 0 || epochs == 0) return "";
  const bool chosen = !std::isnan(record.history.back().val_accuracy) && record.recipe &&
                      record.recipe->keep != "last";
  if (!chosen) return " The weights of the last epoch are kept.";
  return fmt::format(" The weights of {} were the best by validation and are kept.",
                     kept == epochs ? "the last epoch" : fmt::format("epoch {}", kept));
}

std::string training_text(const RunReport& report) {
  const RunRecord& record = report.record;
  if (!record.members.empty()) {
    return fmt::format("{} predicts the mean probabilities of its {} networks: {}.",
                       report.evaluated.model, record.members.size(),
                       fmt::join(record.members, ", "));
  }
  std::string text = fmt::format("{} saw its training images {}.", report.net.name,
                                 counted(count_of(record.history), "time", "times"));
  text += kept_text(record);
  if (const auto since = over_fitting_since(record.history)) {
    text += fmt::format(" It over-fitted after epoch {}.", *since);
  }
  const bool timed = record.metrics && record.metrics->training;
  const double rate = timed ? record.metrics->training->images_per_second.value_or(0) : 0;
  if (rate > 0) {
    text += fmt::format(" It trained on {} images/s.", grouped(rate));
  }
  return text;
}

}  // namespace

nlohmann::json data_section(const RunReport& report) {
  if (!report.inspection) return nullptr;
  const InspectionRecord& inspection = *report.inspection;
  nlohmann::json findings = nlohmann::json::array();
  for (const Finding& finding : inspection.findings) {
    findings.push_back({{"severity", severity_name(finding.severity)},
                        {"what", sentence(finding.what)},
                        {"advice", sentence(finding.advice)}});
  }
  return {{"text", fmt::format("{}: {} training and {} test images. {}",
                               source_text(report.evaluated.dataset.name),
                               grouped(inspection.train_images), grouped(inspection.test_images),
                               findings.empty() ? "No findings." : "Findings:")},
          {"findings", findings},
          {"figures", figures_named(report, {"sample_digits", "class_distribution",
                                             "suspect_labels", "data_augmentation_examples"})}};
}

nlohmann::json training_section(const RunReport& report) {
  nlohmann::json section = {{"text", training_text(report)},
                            {"figures", figures_named(report, {"training_curves"})},
                            {"layers", layers_of(report.net)}};
  if (report.record.recipe) section["recipe"] = {{"text", report.record.recipe_text}};
  return section;
}

nlohmann::json reproduce_section(const RunReport& report) {
  const MetricsRecord* metrics = metrics_of(report);
  const std::string folder = report.record.folder.string();
  nlohmann::json facts = nlohmann::json::array();
  facts.push_back({{"name", "Version"}, {"value", fmt::format("Inkling {}", INKLING_VERSION)}});
  if (metrics != nullptr) {
    facts.push_back({{"name", "SHA-256 of the weights"}, {"value", metrics->weights_sha256}});
  }
  const std::vector<std::string>& members = report.record.members;
  if (!members.empty()) {
    return {{"text", "The same networks combined give bit-identical predictions."},
            {"commands", fmt::format("inkling ensemble {1} --out {0}-again\n"
                                     "inkling evaluate --model {0}-again\n"
                                     "inkling report {0}-again",
                                     folder, fmt::join(members, " "))},
            {"facts", facts}};
  }
  return {
      {"text",
       "The same recipe and seed give bit-identical weights, on any number of threads and any CPU "
       "with the same kernel variant."},
      {"commands", fmt::format("inkling train --recipe {1} --out {0}-again\n"
                               "inkling report {0}-again",
                               folder, RunFiles{report.record.folder}.recipe().string())},
      {"facts", facts}};
}

}  // namespace inkling
