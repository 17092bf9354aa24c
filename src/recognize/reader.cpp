#include "recognize/reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/index.h"
#include "data/batches.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "recognize/atoms.h"
#include "recognize/form.h"
#include "recognize/lattice.h"
#include "recognize/rows.h"
#include "recognize/rules.h"

namespace inkling {
namespace {

// The box of a piece that covers much of the picture and is mostly filled, a twentieth less at each
// side, so that little of what surrounds it is in it; in pixels of the picture.
std::optional<PixelBox> find_sheet(const Ink& ink, const Picture& grey) {
  constexpr double kLeastOfPicture = 0.1, kLeastFilled = 0.3;
  for (const InkPiece& piece : ink.pieces) {
    const double area = double{1} * piece.box.width() * piece.box.height();
    if (piece.pixels < kLeastOfPicture * ink.width * ink.height) continue;
    if (piece.pixels < kLeastFilled * area) continue;
    const int across = piece.box.width() / 20, down = piece.box.height() / 20;
    const PixelBox inner{piece.box.left + across, piece.box.top + down, piece.box.right - across,
                         piece.box.bottom - down};
    return in_picture(inner, ink, grey);
  }
  return std::nullopt;
}

Picture cut_to(const Picture& grey, const PixelBox& box) {
  Picture part{.width = box.width(), .height = box.height(), .channels = 1, .pixels = {}};
  for (int y = box.top; y < box.bottom; ++y) {
    const auto row = grey.pixels.begin() + std::ptrdiff_t{y} * grey.width;
    part.pixels.insert(part.pixels.end(), row + box.left, row + box.right);
  }
  return part;
}

}  // namespace

Reader::Reader(Model model, Engine& engine, const ReaderOptions& options)
    : model_(std::move(model)),
      options_(options),
      finds_ink_(finds_ink(model_, options.form)),
      warp_(engine.kernels().warp),
      classifier_(*model_.net, engine),
      level_(normalisation_table(statistics_of(model_.normalisation))) {
  classifier_.update(model_.parameters);
}

void Reader::classify(int n, Workspace& workspace) const {
  const int classes = model_.net->classes;
  workspace.probabilities_.resize(narrow<size_t>(n * classes));
  classifier_.predict(workspace.images_.data(), n, workspace.probabilities_.data(),
                      workspace.network_);
  expect_numbers(*model_.net, workspace.probabilities_);
}

DigitPrediction Reader::predict(Picture picture, Workspace& workspace) const {
  DigitPrediction prediction;
  const InputForm form = finds_ink_ ? InputForm::kFindInk : InputForm::kTakeWhole;
  const std::vector<NetworkInput> inputs = network_inputs(std::move(picture), model_, form);
  if (inputs.empty()) {
    prediction.refusal = Refusal::kBlank;
    return prediction;
  }
  double likeliest = -1;
  for (const NetworkInput& input : inputs) {
    std::vector<float> p = probabilities_of(input.image, workspace);
    const double best = *std::max_element(p.begin(), p.end() - (model_.refuses() ? 1 : 0));
    if (best <= likeliest) continue;
    likeliest = best;
    prediction.probabilities = std::move(p);
    prediction.box = input.box;
  }
  std::vector<float>& p = prediction.probabilities;
  const int digit = predicted_class(p);
  if (model_.refuses()) {
    prediction.p_refused = p.back();
    if (digit == count_of(p) - 1) {
      prediction.refusal = Refusal::kNotADigit;
    } else if (at(p, digit) < options_.least_confidence) {
      prediction.refusal = Refusal::kUnreadable;
    }
    p.pop_back();
  }
  if (!prediction.is_read()) return prediction;
  prediction.digit = digit;
  prediction.label = at(model_.class_names, digit);
  prediction.confidence = at(p, digit);
  return prediction;
}

std::vector<float> Reader::probabilities_of(const Dataset& image, Workspace& workspace) const {
  const PixelStatistics pixels = statistics_of(model_.normalisation);
  const int views = model_.predicts_by_views() ? count_of(kViews) : 1,
            classes = model_.net->classes;
  workspace.images_.resize(narrow<size_t>(views) * image.image_size());
  BatchAssembler(image, pixels).assemble(std::array<uint32_t, 1>{0}, workspace.images_.data());
  if (views > 1) {
    Warper warper(image, pixels, *warp_);
    const std::array<AugmentDraw, kViews.size()> draws = views_of_size(image.height, image.width);
    for (int view = 1; view < views; ++view) {
      warper.warp(at(draws, view), 0,
                  workspace.images_.data() + view * narrow<std::ptrdiff_t>(image.image_size()),
                  std::ptrdiff_t{image.width} * image.channels);
    }
  }
  classify(views, workspace);
  std::vector<float> mean(narrow<size_t>(classes), 0);
  for (int view = 0; view < views; ++view) {
    for (int c = 0; c < classes; ++c) {
      at(mean, c) += at(workspace.probabilities_, view * classes + c) / static_cast<float>(views);
    }
  }
  return mean;
}

Reading Reader::read(const Picture& picture, Workspace& workspace) const {
  const Picture grey = to_grey(picture);
  std::optional<PixelBox> sheet;
  Reading reading = read_grey(grey, workspace, &sheet);
  if (!sheet) return reading;
  // Perhaps what stands out is the sheet, and what is written on it does not.
  Reading inside = read_grey(cut_to(grey, *sheet), workspace, nullptr);
  if (inside.digits.size() <= reading.digits.size()) return reading;
  for (ReadDigit& digit : inside.digits) {
    digit.box = {digit.box.left + sheet->left, digit.box.top + sheet->top,
                 digit.box.right + sheet->left, digit.box.bottom + sheet->top};
  }
  return inside;
}

Reading Reader::read_grey(const Picture& grey, Workspace& workspace,
                          std::optional<PixelBox>* sheet) const {
  if (!finds_ink_) {
    throw input_error("{}: expected a network that reads ink, found one that takes pictures whole",
                      model_.net->name);
  }
  Reading reading;
  Ink ink = find_ink(grey);
  if (sheet != nullptr) *sheet = find_sheet(ink, grey);
  erase_rules(ink);
  if (ink.pieces.empty()) {
    reading.refusal = Refusal::kBlank;
    return reading;
  }
  const int classes = model_.net->classes;
  const std::vector<Row> rows = find_rows(ink);
  std::vector<std::vector<InkPiece>> atoms;
  std::vector<std::vector<Arc>> arcs;
  std::vector<int> run;
  constexpr int kMostArcs = 20'000;
  int total = 0;
  workspace.images_.clear();
  for (const Row& row : rows) {
    const Ink cut = cut_into_atoms(ink, row);
    arcs.push_back(arcs_of(cut, row));
    total += count_of(arcs.back());
    if (total > kMostArcs) {  // no page of digits
      arcs.pop_back();
      break;
    }
    atoms.push_back(cut.pieces);
    for (const Arc& arc : arcs.back()) {
      run.clear();
      for (int atom = arc.first; atom <= arc.last; ++atom) run.push_back(atom);
      for (const uint8_t level : normalised_digit(cut, run, kInRow).pixels) {
        workspace.images_.push_back(level_[level]);
      }
    }
  }
  int n = 0;
  for (const std::vector<Arc>& of_row : arcs) n += count_of(of_row);
  if (n > 0) classify(n, workspace);
  // A model without a reject class: what speaks against its best class speaks against any.
  std::vector<float> scores;
  for (int i = 0; i < n; ++i) {
    const float* p = workspace.probabilities_.data() + i * classes;
    scores.insert(scores.end(), p, p + classes);
    if (!model_.refuses()) scores.push_back(1 - *std::max_element(p, p + classes));
  }
  const int with_reject = model_.refuses() ? classes : classes + 1;
  reading.confidence = 1;
  const float* of_row = scores.data();
  int number = 0;
  for (int r = 0; r < count_of(arcs); ++r) {
    const std::vector<Arc>& row_arcs = at(arcs, r);
    const size_t size = row_arcs.size() * narrow<size_t>(with_reject);
    const BestPath path =
        best_path(at(atoms, r), at(rows, r), row_arcs, {of_row, size}, with_reject);
    of_row += size;
    if (path.digits.empty()) continue;
    if (!reading.text.empty()) reading.text += '\n';
    reading.confidence *= path.confidence;
    for (const PathDigit& digit : path.digits) {
      const std::string& label = at(model_.class_names, digit.digit);
      reading.text += label;
      reading.digits.push_back({.digit = digit.digit,
                                .label = label,
                                .confidence = digit.confidence,
                                .box = in_picture(at(row_arcs, digit.arc).box, ink, grey),
                                .row = number});
    }
    ++number;
  }
  if (reading.digits.empty()) {
    reading.refusal = Refusal::kNotADigit;
    reading.confidence = 0;
  }
  return reading;
}

}  // namespace inkling
