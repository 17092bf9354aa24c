#include "recognize/locator.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/index.h"
#include "data/batches.h"
#include "eval/normalisation.h"
#include "nn/architecture/sliding.h"

namespace inkling {
namespace {

// The strip is cut into tiles of one width, which share a window less a step with the next.
constexpr int kTilePlaces = 33;
constexpr int kTileWidth = kStripHeight + (kTilePlaces - 1) * Locations::kApart;

Architecture tile_network(const Model& model) {
  const Architecture& window = *model.net;
  constexpr Shape kWindow{kStripHeight, kStripHeight, 1};
  if (window.input != kWindow || window.classes != kLocatorClasses) {
    throw input_error("{}: expected a locator, {} to {} classes, found {} to {}", window.name,
                      to_string(kWindow), kLocatorClasses, to_string(window.input), window.classes);
  }
  Architecture net = sliding_architecture(window, kStripHeight, kTileWidth);
  if (net.classes != kTilePlaces * kLocatorClasses) {
    throw input_error("{}: expected a locator with {} places in {} pixels, found {}", window.name,
                      kTilePlaces, kTileWidth, net.classes / kLocatorClasses);
  }
  return net;
}

}  // namespace

std::span<const float> Locations::at_x(double x) const {
  const int places = count_of(log_probabilities) / kLocatorClasses;
  const int nearest =
      std::clamp(static_cast<int>(std::lround((x - kStripHeight / 2.0) / kApart)), 0, places - 1);
  return std::span(log_probabilities)
      .subspan(narrow<size_t>(nearest * kLocatorClasses), kLocatorClasses);
}

Locator::Locator(const Model& model, Engine& engine)
    : net_(std::make_shared<const Architecture>(tile_network(model))),
      classifier_(*net_, engine),
      level_(normalisation_table(statistics_of(model.normalisation))) {
  Parameters parameters(*net_);
  std::ranges::copy(model.parameters.all(), parameters.all().begin());
  classifier_.update(parameters);
}

Locations Locator::locate(const RowStrip& strip, Workspace& workspace) const {
  const int places = (strip.width - kStripHeight) / Locations::kApart + 1;
  const int tiles = ceil_div(places, kTilePlaces);
  workspace.tiles_.assign(narrow<size_t>(tiles * kStripHeight * kTileWidth), level_[0]);
  for (int tile = 0; tile < tiles; ++tile) {
    const int first = tile * kTilePlaces * Locations::kApart;
    const int width = std::min(kTileWidth, strip.width - first);
    for (int y = 0; y < kStripHeight; ++y) {
      const uint8_t* row = strip.pixels.data() + y * strip.width + first;
      float* out = workspace.tiles_.data() + (tile * kStripHeight + y) * kTileWidth;
      for (int x = 0; x < width; ++x) out[x] = at(level_, row[x]);
    }
  }
  workspace.softmax_.resize(narrow<size_t>(tiles * net_->classes));
  classifier_.predict(workspace.tiles_.data(), tiles, workspace.softmax_.data(),
                      workspace.network_);
  // The softmax is over all places of a tile: each has a part of it.
  constexpr float kLeast = 1e-30f;
  Locations found;
  found.log_probabilities.resize(narrow<size_t>(places * kLocatorClasses));
  for (int place = 0; place < places; ++place) {
    const float* p = workspace.softmax_.data() + place * kLocatorClasses;
    float sum = 0;
    for (int c = 0; c < kLocatorClasses; ++c) sum += p[c];
    for (int c = 0; c < kLocatorClasses; ++c) {
      at(found.log_probabilities, place * kLocatorClasses + c) =
          std::log(std::max(p[c], kLeast) / std::max(sum, kLeast));
    }
  }
  return found;
}

}  // namespace inkling
