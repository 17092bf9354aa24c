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
constexpr int kScenesAPiece = 32;
constexpr uint64_t kRowStream = 0x4ead01, kOtherStream = 0x4ead02, kMinedStream = 0x100;

struct Labelled {
  std::vector<uint8_t> pixels;  // [n, 28, 28]
  std::vector<uint8_t> labels;  // [n]

  void add(std::span<const uint8_t> image, int label) {
    pixels.insert(pixels.end(), image.begin(), image.end());
    labels.push_back(narrow<uint8_t>(label));
  }
  void add(const Labelled& more) {
    pixels.insert(pixels.end(), more.pixels.begin(), more.pixels.end());
    labels.insert(labels.end(), more.labels.begin(), more.labels.end());
  }
};

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

void add_row(const Scene& scene, Random& random, Labelled& images) {
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

void add_other(const Scene& scene, Labelled& images) {
  if (const auto digit = find_digit(scene.grey)) images.add(digit->pixels, kReject);
}

// Scenes 0 … count - 1 of a stream, the same on any number of threads.
template <typename Add>
Labelled from_scenes(int count, uint64_t seed, uint64_t stream, Engine& engine,
                     JobObserver& observer, std::string_view what, const Add& add) {
  Stage stage(observer, what);
  Labelled all;
  const int pieces_at_once = 16 * engine.pool().threads();
  for (int first = 0; first < count; first += pieces_at_once * kScenesAPiece) {
    const int scenes = std::min(count - first, pieces_at_once * kScenesAPiece);
    std::vector<Labelled> parts(narrow<size_t>(ceil_div(scenes, kScenesAPiece)));
    engine.pool().run(count_of(parts), [&](int piece) {
      const int begin = piece * kScenesAPiece;
      for (int i = begin; i < std::min(scenes, begin + kScenesAPiece); ++i) {
        Random random(seed, stream, narrow<uint64_t>(first + i));
        add(random, at(parts, piece));
      }
    });
    for (const Labelled& part : parts) all.add(part);
    stage.progress(double{1} * (first + scenes) / count);
  }
  return all;
}

Dataset as_dataset(Labelled images) {
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
Labelled hard_ones(Labelled images, const std::string& model_name, Engine& engine) {
  const Model model = load_model(model_file_of(model_name, "--hard-for"));
  const Dataset dataset = as_dataset(std::move(images));
  const Predictions predictions =
      predictions_of(model, dataset, all_indices(dataset.size()), engine);
  Labelled hard;
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
  const Dataset mnist = load_dataset(request.dataset, Split::kTrain, request.data_dir);
  if (!holds_normalised_digits(mnist) || mnist.classes != kReject) {
    throw input_error("{}: expected ten digits in MNIST's form", mnist.name);
  }
  if (request.kept_back < 0 || std::cmp_greater_equal(request.kept_back, mnist.size())) {
    throw usage_error("--kept-back: expected fewer than {} images, found {}", mnist.size(),
                      request.kept_back);
  }
  std::vector<uint32_t> used = all_indices(mnist.size() - narrow<size_t>(request.kept_back));
  const auto rows = [&](int count, uint64_t stream) {
    return from_scenes(count, request.seed, kRowStream + stream, engine, observer, "drawing rows",
                       [&](Random& random, Labelled& images) {
                         add_row(draw_row(mnist, used, random), random, images);
                       });
  };
  const auto others = [&](int count, uint64_t stream) {
    return from_scenes(
        count, request.seed, kOtherStream + stream, engine, observer, "drawing what is no digit",
        [&](Random& random, Labelled& images) { add_other(draw_no_digit(random), images); });
  };
  // Each image of the dataset three times: they are what digits look like most often, and scenes
  // outnumber them.
  constexpr int kCopies = 3;
  Labelled all;
  for (int copy = 0; copy < kCopies; ++copy) {
    for (const uint32_t i : used) all.add(mnist.image(i), mnist.labels[i]);
  }
  all.add(rows(request.rows, 0));
  all.add(others(request.others, 0));
  ReaderImagesResult result;
  if (!request.hard_for.empty()) {
    Labelled more = rows(2 * request.rows, kMinedStream);
    more.add(others(2 * request.others, kMinedStream));
    const Labelled hard = hard_ones(std::move(more), request.hard_for, engine);
    result.mined = hard.labels.size();
    all.add(hard);
  }
  result.refused = narrow<size_t>(std::ranges::count(all.labels, uint8_t{kReject}));
  result.digits = all.labels.size() - result.refused;
  make_folder(request.out);
  write_idx_images(request.out / "train-images-idx3-ubyte", {.count = count_of(all.labels),
                                                             .height = kFormSide,
                                                             .width = kFormSide,
                                                             .pixels = std::move(all.pixels)});
  write_idx_labels(request.out / "train-labels-idx1-ubyte", all.labels);
  std::string names;
  for (int digit = 0; digit < kReject; ++digit) names += std::to_string(digit) + "\n";
  write_file(request.out / kClassNamesFile, std::string_view(names + kRejectClass + "\n"));
  return result;
}

}  // namespace inkling
