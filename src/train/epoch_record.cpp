#include "train/epoch_record.h"

#include <climits>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/index.h"

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

EpochRecord epoch_of_json(const JsonValue& line) {
  EpochRecord record{.epoch = narrow<int>(line["epoch"].integer(1, INT_MAX))};
  for (const Key& key : kKeys) {
    record.*key.value =
        line[key.name].number_or_null().value_or(std::numeric_limits<double>::quiet_NaN());
  }
  return record;
}

}  // namespace inkling
