// Labels that are probably wrong, found by confident learning: Northcutt, Jiang and Chuang,
// "Confident Learning: Estimating Uncertainty in Dataset Labels", J. Artif. Intell. Res. 70 (2021),
// 1373-1411. Needs probabilities from models that have not seen the images they predict
// (train/study/cross_validation.h), else they have learned the wrong labels too.
//
//   const ConfidentLearning found = find_suspects(probabilities, labels, classes);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace inkling {

struct Suspect {
  uint32_t index = 0;  // of the image
  uint8_t given = 0, suggested = 0;
  double score = 0;        // p(suggested) - p(given): from -1 to 1, the higher the surer
  bool confident = false;  // off the diagonal of the confident joint
};

struct ConfidentLearning {
  // t_j, the mean probability of class j over the images labelled j; 1 for a class without images.
  std::vector<double> thresholds;
  // [given][confident class]: an image labelled i counts towards the class of largest probability
  // among those with p_j >= t_j, and nowhere if there is none (the paper's equation 1).
  std::vector<std::vector<int>> joint;
  // The images off the joint's diagonal and those merely predicted to be of another class, which a
  // good model has few of and a person may want to see too; ranked by normalised margin, highest
  // score first, ties in order of index.
  std::vector<Suspect> suspects;
  int confident = 0;  // how many of them are off the diagonal
  double noise =
      0;  // fraction of wrong labels, by the joint calibrated to the counts of the labels
};

// probabilities: [N, classes] f32; labels: [N], each below `classes`. The caller owes sizes that
// fit and N >= 1.
ConfidentLearning find_suspects(std::span<const float> probabilities,
                                std::span<const uint8_t> labels, int classes);

}  // namespace inkling
