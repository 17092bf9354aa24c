#include "nn/parameters.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/to_float.h"

namespace inkling {

void Parameters::initialise(uint64_t seed) {
  constexpr uint64_t kStream = 0x696e6974;  // "init"
  for (int i = 0; i < count_of(net_->slots); ++i) {
    const ParameterSlot& slot = at(net_->slots, i);
    const std::span<float> values = this->slot(i);
    Random random(seed, kStream, narrow<uint64_t>(i));
    switch (slot.initialisation) {
      case Initialisation::kHe: {
        const double deviation = std::sqrt(2.0 / slot.fan_in);
        for (float& v : values) v = to_float(deviation * random.normal());
        break;
      }
      case Initialisation::kGlorot:
      case Initialisation::kFanIn: {
        const double bound = slot.initialisation == Initialisation::kGlorot
                                 ? std::sqrt(6.0 / (slot.fan_in + slot.fan_out))
                                 : std::sqrt(1.0 / slot.fan_in);
        for (float& v : values) v = to_float(random.uniform(-bound, bound));
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
