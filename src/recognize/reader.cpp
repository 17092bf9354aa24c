#include "recognize/reader.h"

#include <algorithm>
#include <cmath>
#include <numeric>
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
#include "store/default_reader.h"

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

// In pixels of the file, whose picture was decoded so many times smaller.
PixelBox in_file(const PixelBox& box, int reduction) {
  return {box.left * reduction, box.top * reduction, box.right * reduction, box.bottom * reduction};
}

bool knows_digits(const Model& model) {
  if (model.class_names.size() != (model.refuses() ? 11 : 10)) return false;
  for (int digit = 0; digit < 10; ++digit) {
    if (at(model.class_names, digit) != std::to_string(digit)) return false;
  }
  return true;
}

}  // namespace

// A row on its way: its atoms, the arcs the network is asked about, what the locator says of them.
struct Reader::CutRow {
  Row row;
  Ink atoms;
  std::vector<Arc> arcs;
  std::vector<float> located;  // [arcs, 10] log-probabilities; empty without a locator
  RowStrip strip;              // without a locator none
  int first_image = 0;         // of the arcs' images in the workspace
};

Reader::Reader(Model model, Engine& engine, const ReaderOptions& options)
    : model_(std::move(model)),
      options_(options),
      finds_ink_(finds_ink(model_, options.form)),
      warp_(engine.kernels().warp),
      classifier_(*model_.net, engine),
      level_(normalisation_table(statistics_of(model_.normalisation))) {
  classifier_.update(model_.parameters);
  if (options.locate && finds_ink_ && knows_digits(model_)) {
    locator_.emplace(default_locator(), engine);
  }
}

Reader::Workspace Reader::workspace() const {
  Workspace workspace(classifier_.workspace());
  if (locator_) workspace.locator_ = locator_->workspace();
  return workspace;
}

void Reader::classify(int n, Workspace& workspace) const {
  const int classes = model_.net->classes;
  workspace.probabilities_.resize(narrow<size_t>(n * classes));
  classifier_.predict(workspace.images_.data(), n, workspace.probabilities_.data(),
                      workspace.network_);
  expect_numbers(*model_.net, workspace.probabilities_);
}

DigitPrediction Reader::predict(Picture picture, Workspace& workspace, ReadingSteps* steps) const {
  DigitPrediction prediction;
  if (steps) {
    steps->grey = to_grey(picture);
    steps->ink = find_ink(steps->grey);
  }
  const int reduction = picture.reduction;
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
    if (steps) steps->input = input.image;
  }
  if (prediction.box) prediction.box = in_file(*prediction.box, reduction);
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

Reading Reader::read(const Picture& picture, Workspace& workspace, ReadingSteps* steps) const {
  const Picture grey = to_grey(picture);
  std::optional<PixelBox> sheet;
  Reading reading = read_grey(grey, workspace, &sheet, steps);
  if (sheet) {
    // Perhaps what stands out is the sheet, and what is written on it does not.
    ReadingSteps inside_steps;
    Reading inside =
        read_grey(cut_to(grey, *sheet), workspace, nullptr, steps ? &inside_steps : nullptr);
    if (inside.digits.size() > reading.digits.size()) {
      for (ReadDigit& digit : inside.digits) {
        digit.box = {digit.box.left + sheet->left, digit.box.top + sheet->top,
                     digit.box.right + sheet->left, digit.box.bottom + sheet->top};
      }
      if (steps) {
        inside_steps.grey = grey;  // where the boxes are
        *steps = std::move(inside_steps);
      }
      reading = std::move(inside);
    }
  }
  for (ReadDigit& digit : reading.digits) digit.box = in_file(digit.box, picture.reduction);
  return reading;
}

std::vector<Reader::CutRow> Reader::cut_rows(const Ink& ink, Workspace& workspace) const {
  constexpr int kMostArcs = 20'000;    // more are no page of digits
  constexpr float kLeastLocated = -3;  // a digit whose middle is here is less likely: no arc
  std::vector<CutRow> rows;
  workspace.images_.clear();
  int total = 0, images = 0;
  for (const Row& row : find_rows(ink)) {
    CutRow cut{.row = row, .atoms = cut_into_atoms(ink, row), .first_image = images};
    cut.arcs = arcs_of(cut.atoms, row);
    if ((total += count_of(cut.arcs)) > kMostArcs) break;
    if (locator_) {
      cut.strip = strip_of(ink, row);
      const Locations found = locator_->locate(cut.strip, *workspace.locator_);
      std::erase_if(cut.arcs, [&](const Arc& arc) {
        const auto digits =
            found.at_x(cut.strip.x_of((arc.box.left + arc.box.right) / 2.0)).first<kBetween>();
        if (std::ranges::max(digits) < kLeastLocated) return true;
        cut.located.insert(cut.located.end(), digits.begin(), digits.end());
        return false;
      });
    }
    for (const Arc& arc : cut.arcs) {
      std::vector<int> run(narrow<size_t>(arc.last - arc.first + 1));
      std::iota(run.begin(), run.end(), arc.first);
      for (const uint8_t level : normalised_digit(cut.atoms, run, kInRow).pixels) {
        workspace.images_.push_back(level_[level]);
      }
    }
    images += count_of(cut.arcs);
    rows.push_back(std::move(cut));
  }
  return rows;
}

Reading Reader::read_grey(const Picture& grey, Workspace& workspace, std::optional<PixelBox>* sheet,
                          ReadingSteps* steps) const {
  constexpr double kLeast = 1e-4;   // of a probability: the network is not surer than that
  constexpr double kLocated = 0.5;  // the weight of the locator's log-probabilities
  constexpr double kLeastLog = -8;  // of these
  const double skip_score = locator_ ? -3 : -1.5;
  if (!finds_ink_) {
    throw input_error("{}: expected a network that reads ink, found one that takes pictures whole",
                      model_.net->name);
  }
  Reading reading;
  Ink ink = find_ink(grey);
  if (sheet != nullptr) *sheet = find_sheet(ink, grey);
  erase_rules(ink);
  if (steps)
    *steps = {.grey = grey, .ink = ink, .atoms = {}, .strips = {}, .input = {}, .digits = {}};
  if (ink.pieces.empty()) {
    reading.refusal = Refusal::kBlank;
    return reading;
  }
  const std::vector<CutRow> rows = cut_rows(ink, workspace);
  const int classes = model_.net->classes, digits = classes - (model_.refuses() ? 1 : 0);
  const int images = rows.empty() ? 0 : rows.back().first_image + count_of(rows.back().arcs);
  if (images > 0) classify(images, workspace);
  reading.confidence = 1;
  int number = 0;
  std::vector<float> scores;
  for (const CutRow& row : rows) {
    const float* p = workspace.probabilities_.data() + row.first_image * classes;
    scores.clear();
    for (int arc = 0; arc < count_of(row.arcs); ++arc) {
      for (int d = 0; d < digits; ++d) {
        double score = std::log(std::max(double{p[arc * classes + d]}, kLeast));
        if (locator_) {
          score += kLocated * std::max(kLeastLog, double{at(row.located, arc * digits + d)});
        }
        scores.push_back(static_cast<float>(score));
      }
    }
    const BestPath path =
        best_path(row.atoms.pieces, row.row, row.arcs, scores, digits, skip_score);
    if (steps) {
      steps->atoms.push_back(row.atoms);
      if (locator_) steps->strips.push_back(row.strip);
    }
    if (path.digits.empty()) continue;
    if (!reading.text.empty()) reading.text += '\n';
    reading.confidence *= path.confidence;
    for (const PathDigit& digit : path.digits) {
      const Arc& arc = at(row.arcs, digit.arc);
      const std::string& label = at(model_.class_names, digit.digit);
      reading.text += label;
      reading.digits.push_back({.digit = digit.digit,
                                .label = label,
                                .confidence = p[digit.arc * classes + digit.digit],
                                .box = in_picture(arc.box, ink, grey),
                                .row = number});
      if (steps) {
        std::vector<int> run(narrow<size_t>(arc.last - arc.first + 1));
        std::iota(run.begin(), run.end(), arc.first);
        steps->digits.push_back(normalised_digit(row.atoms, run, kInRow).pixels);
      }
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
