// Which parts of a picture a prediction depends on, as three maps of the picture's size:
//
//   saliency   |d(logit of the class) / d(pixel)| (Simonyan, Vedaldi and Zisserman 2013): where a
//              small change of grey would matter most
//   Grad-CAM   (Selvaraju et al. 2017, arXiv 1610.02391) where the last convolution's channels
//              that speak for the class are active; coarse; of an ensemble the sum of its members'
//   occlusion  (Zeiler and Fergus 2014) how far the class's log-odds fall where a patch of
//              background covers the place
//
//   Explainer explainer(*model.net, model.parameters, statistics, engine);
//   Explanation e = explainer.explain(dataset, 7);
//
// Not the drawing (report/).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "data/dataset.h"
#include "data/pixel_statistics.h"
#include "eval/explain/probe.h"

namespace inkling {

struct Heatmap {
  int height = 0, width = 0;
  std::vector<float> values;  // [height, width]

  float at(int y, int x) const { return values.data()[y * width + x]; }
};

struct Explanation {
  std::vector<double> probabilities;  // [classes], of the inspected network
  int predicted = 0;
  int explained = 0;                // the class the maps speak of
  Heatmap saliency;                 // at least 0; the largest of the channels, per grey level of 1
  std::optional<Heatmap> grad_cam;  // at least 0; none without a convolution
  Heatmap occlusion;                // log-odds lost; below 0 where covering helps the class
};

struct ExplainerOptions {
  int patch = 5;           // side of the occluding square, pixels; odd
  uint8_t background = 0;  // grey level it is filled with
};

// Use one from one thread at a time.
class Explainer {
 public:
  // Copies the parameters. The architecture and the engine must outlive the explainer.
  Explainer(const Architecture& net, const Parameters& parameters,
            const PixelStatistics& statistics, Engine& engine,
            const ExplainerOptions& options = {});

  // Image `index` of a dataset of the network's own size, labelled or not; explains the predicted
  // class, or the one given.
  Explanation explain(const Dataset& dataset, uint32_t index, std::optional<int> explained = {});
  // One map alone, at a fraction of the cost.
  Heatmap saliency(const Dataset& dataset, uint32_t index, int explained);

 private:
  void look_at(const Dataset& dataset, uint32_t index);
  Heatmap saliency_map() const;
  std::optional<Heatmap> grad_cam_map() const;
  void add_grad_cam(int layer, Heatmap& sum) const;
  Heatmap occlusion_map(int explained);

  Probe probe_;
  PixelStatistics statistics_;
  ExplainerOptions options_;
  std::vector<int> cam_layers_;  // whose activations Grad-CAM reads
  std::vector<float> image_;     // looked at, normalised: [H, W, C]
};

// The layers Grad-CAM reads: the last convolution and what normalises and rectifies it, of each
// member of an ensemble; none where there is no convolution.
std::vector<int> grad_cam_layers(const Architecture& net);

}  // namespace inkling
