#include "nn/parameters.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace inkling {

void Parameters::initialise(uint64_t seed) {
  constexpr uint64_t kStream = 0x696e6974;  // "init"
  for (size_t i = 0; i < net_->slots.size(); ++i) {
    const ParameterSlot& slot = net_->slots[i];
    const std::span<float> values = this->slot(static_cast<int>(i));
    Random random(seed, kStream, i);
    switch (slot.initialisation) {
      case Initialisation::kHe: {
        const double deviation = std::sqrt(2.0 / slot.fan_in);
        for (float& v : values) v = static_cast<float>(deviation * random.normal());
        break;
      }
      case Initialisation::kGlorot:
      case Initialisation::kFanIn: {
        const double bound = slot.initialisation == Initialisation::kGlorot
                                 ? std::sqrt(6.0 / (slot.fan_in + slot.fan_out))
                                 : std::sqrt(1.0 / slot.fan_in);
        for (float& v : values) v = static_cast<float>(random.uniform(-bound, bound));
        break;
      }
      case Initialisation::kZero:
        std::fill(values.begin(), values.end(), 0.0f);
        break;
      case Initialisation::kOne:
        std::fill(values.begin(), values.end(), 1.0f);
        break;
    }
  }
}

}  // namespace inkling
