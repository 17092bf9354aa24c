#include "train/run/epoch_json.h"

#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace inkling {
namespace {

struct Key {
  const char* name;
  double EpochRecord::*value;
};
constexpr Key kKeys[] = {{"lr", &EpochRecord::lr},
                         {"train_loss", &EpochRecord::train_loss},
                         {"train_accuracy", &EpochRecord::train_accuracy},
                         {"val_loss", &EpochRecord::val_loss},
                         {"val_accuracy", &EpochRecord::val_accuracy},
                         {"val_macro_f1", &EpochRecord::val_macro_f1},
                         {"seconds", &EpochRecord::seconds},
                         {"images_per_second", &EpochRecord::images_per_second}};

}  // namespace

nlohmann::ordered_json epoch_json(const EpochRecord& record) {
  nlohmann::ordered_json line = {{"epoch", record.epoch}};
  for (const Key& key : kKeys) {
    const double value = record.*key.value;
    line[key.name] = std::isfinite(value) ? nlohmann::ordered_json(value) : nullptr;
  }
  return line;
}

EpochRecord epoch_of_json(const nlohmann::json& line, std::string_view source) {
  EpochRecord record;
  if (!line.is_object() || !line.contains("epoch") || !line["epoch"].is_number_integer() ||
      line["epoch"] < 1 || line["epoch"] > std::numeric_limits<int>::max()) {
    throw input_error("{}: expected an epoch's record, found none", source);
  }
  record.epoch = line["epoch"];
  for (const Key& key : kKeys) {
    if (!line.contains(key.name) || !(line[key.name].is_number() || line[key.name].is_null())) {
      throw input_error("{}: epoch {}: {}: expected a number or null", source, record.epoch,
                        key.name);
    }
    const nlohmann::json& value = line[key.name];
    record.*key.value =
        value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
  }
  return record;
}

}  // namespace inkling
