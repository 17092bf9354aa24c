#include "jobs/reader/reader_images.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/index.h"
#include "base/random.h"
#include "data/formats/class_names.h"
#include "data/formats/idx.h"
#include "data/sources/sources.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "jobs/reader/labelled_images.h"
#include "jobs/reader/scene.h"
#include "nn/model.h"
#include "recognize/atoms.h"
#include "recognize/find_digit.h"
#include "recognize/form.h"
#include "recognize/ink.h"
#include "recognize/lattice.h"
#include "recognize/rows.h"
#include "recognize/rules.h"
#include "store/find_model.h"
#include "store/model_file.h"
#include "sys/file.h"

namespace inkling {
namespace {

constexpr int kReject = 10;
constexpr uint64_t kRowStream = 0x4ead01, kOtherStream = 0x4ead02, kMinedStream = 0x100;

// What a run of atoms is: the digit it holds nearly all of and little else, the reject class, or,
// between the two, neither (-1).
int label_of(std::span<const int> covered, int foreign, const Scene& scene,
             std::span<const int> total) {
  constexpr double kWhole = 0.86, kPart = 0.7;
  int ink = foreign;
  for (const int n : covered) ink += n;
  double best = 0;
  int digit = -1;
  for (int i = 0; i < count_of(scene.digits); ++i) {
    if (at(total, i) == 0 || ink == 0) continue;
    const double whole = double{1} * at(covered, i) / at(total, i);
    const double pure = double{1} * at(covered, i) / ink;
    if (std::min(whole, pure) > best) {
      best = std::min(whole, pure);
      digit = at(scene.digits, i);
    }
  }
  return best >= kWhole ? digit : best < kPart ? kReject : -1;
}

void add_row(const Scene& scene, Random& random, LabelledImages& images) {
  Ink ink = find_ink(scene.grey);
  if (ink.width != scene.grey.width || ink.height != scene.grey.height) return;
  erase_rules(ink);
  const int n = count_of(scene.digits);
  // Soft edges belong to nobody, so that they decide nothing.
  std::vector<int> total(narrow<size_t>(n), 0);
  for (const int owner : scene.owner) {
    if (owner >= 0) ++at(total, owner);
  }
  for (const Row& row : find_rows(ink)) {
    const Ink atoms = cut_into_atoms(ink, row);
    const int count = count_of(atoms.pieces);
    std::vector<int> covered(narrow<size_t>(count * n)), foreign(narrow<size_t>(count));
    for (size_t i = 0; i < atoms.piece_of.size(); ++i) {
      const int atom = atoms.piece_of[i], owner = scene.owner[i];
      if (atom < 0) continue;
      if (owner >= 0) ++at(covered, atom * n + owner);
      if (owner == Scene::kMark) ++at(foreign, atom);
    }
    std::vector<int> run, sum(narrow<size_t>(n));
    for (const Arc& arc : arcs_of(atoms, row)) {
      run.clear();
      std::ranges::fill(sum, 0);
      int others = 0;
      for (int atom = arc.first; atom <= arc.last; ++atom) {
        run.push_back(atom);
        others += at(foreign, atom);
        for (int i = 0; i < n; ++i) at(sum, i) += at(covered, atom * n + i);
      }
      const int label = label_of(sum, others, scene, total);
      // Of what the segmenter gets wrong there is more than of what it gets right.
      if (label < 0 || (label == kReject && random.uniform() < 0.9)) continue;
      images.add(normalised_digit(atoms, run, kInRow).pixels, label);
    }
  }
}

void add_other(const Scene& scene, LabelledImages& images) {
  if (const auto digit = find_digit(scene.grey)) images.add(digit->pixels, kReject);
}

Dataset as_dataset(LabelledImages images) {
  Dataset dataset{.name = "scenes",
                  .height = kFormSide,
                  .width = kFormSide,
                  .channels = 1,
                  .classes = kReject + 1,
                  .images = {},
                  .labels = {},
                  .class_names = {}};
  dataset.images = std::move(images.pixels);
  dataset.labels = std::move(images.labels);
  return dataset;
}

// Those whose true class the model gives less than a half.
LabelledImages hard_ones(LabelledImages images, const std::string& model_name, Engine& engine) {
  const Model model = find_model(model_name, "--hard-for").model;
  const Dataset dataset = as_dataset(std::move(images));
  const Predictions predictions =
      predictions_of(model, dataset, all_indices(dataset.size()), engine);
  LabelledImages hard;
  for (size_t i = 0; i < dataset.size(); ++i) {
    const int label = dataset.labels[i];
    const size_t row = i * narrow<size_t>(model.net->classes);
    if (predictions.probabilities[row + narrow<size_t>(label)] < 0.5f) {
      hard.add(dataset.image(i), label);
    }
  }
  return hard;
}

}  // namespace

ReaderImagesResult draw_reader_images(const ReaderImagesRequest& request, Engine& engine,
                                      JobObserver& observer) {
  const Dataset mnist = load_digits(request.dataset, request.data_dir);
  const std::vector<uint32_t> used = all_but_last(mnist, request.kept_back);
  const auto rows = [&](int count, uint64_t stream) {
    return from_scenes(count, request.seed, kRowStream + stream, engine, observer, "drawing rows",
                       [&](Random& random, LabelledImages& images) {
                         add_row(draw_row(mnist, used, random), random, images);
                       });
  };
  const auto others = [&](int count, uint64_t stream) {
    return from_scenes(
        count, request.seed, kOtherStream + stream, engine, observer, "drawing what is no digit",
        [&](Random& random, LabelledImages& images) { add_other(draw_no_digit(random), images); });
  };
  // Each image of the dataset four times: they are what digits look like most often, and scenes
  // outnumber them.
  constexpr int kCopies = 4;
  LabelledImages all;
  for (int copy = 0; copy < kCopies; ++copy) {
    for (const uint32_t i : used) all.add(mnist.image(i), mnist.labels[i]);
  }
  all.add(rows(request.rows, 0));
  all.add(others(request.others, 0));
  ReaderImagesResult result;
  if (!request.hard_for.empty()) {
    LabelledImages more = rows(2 * request.rows, kMinedStream);
    more.add(others(2 * request.others, kMinedStream));
    const LabelledImages hard = hard_ones(std::move(more), request.hard_for, engine);
    result.mined = hard.labels.size();
    all.add(hard);
  }
  result.refused = narrow<size_t>(std::ranges::count(all.labels, uint8_t{kReject}));
  result.digits = all.labels.size() - result.refused;
  std::vector<std::string> names = digit_names();
  names.emplace_back(kRejectClass);
  write_images(std::move(all), kFormSide, names, request.out);
  return result;
}

}  // namespace inkling
