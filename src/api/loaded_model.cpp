#include "api/loaded_model.h"

#include <algorithm>
#include <cmath>

#include "api/status.h"
#include "base/index.h"
#include "data/batches.h"
#include "eval/normalisation.h"
#include "eval/predict.h"

namespace inkling {
namespace {

constexpr int kPieceImages = 64;      // a thread takes at a time
constexpr size_t kViewImages = 1024;  // copied at a time

}  // namespace

EngineOptions engine_options(const inkling_options* options) {
  EngineOptions engine;
  if (options == nullptr) return engine;
  given(options, "inkling_options");
  constexpr int kMostThreads = 1024;
  if (options->threads < 0 || options->threads > kMostThreads) {
    throw usage_error("inkling_options.threads: expected 0 to {}, found {}", kMostThreads,
                      options->threads);
  }
  engine.threads = options->threads;
  if (options->isa != nullptr) engine.isa = options->isa;
  if (options->precision != nullptr) engine.precision = options->precision;
  return engine;
}

}  // namespace inkling

using namespace inkling;

inkling_model::inkling_model(Model model, const EngineOptions& options)
    : engine_(options),
      reader_(std::move(model), engine_),
      level_(normalisation_table(statistics_of(reader_.model().normalisation))) {
  if (!reader_.model().predicts_by_views()) return;
  viewer_.emplace(*reader_.model().net, engine_);
  viewer_->update(reader_.model().parameters);
}

inkling_model::Lane inkling_model::new_lane() const {
  return {.images = std::vector<float>(kPieceImages * model().net->input.size()),
          .network = reader_.classifier().workspace()};
}

void inkling_model::classify_piece(const Call& call, size_t first, int count, Lane& lane) const {
  const size_t size = model().net->input.size(), begin = first * size;
  const size_t end = begin + narrow<size_t>(count) * size;
  float* out = lane.images.data();
  if (call.type == INKLING_U8) {
    const auto* bytes = static_cast<const uint8_t*>(call.images);
    for (size_t i = begin; i < end; ++i) *out++ = level_[bytes[i]];
  } else {
    const PixelStatistics statistics = statistics_of(model().normalisation);
    const auto* floats = static_cast<const float*>(call.images);
    for (size_t i = begin; i < end; ++i) *out++ = normalised(floats[i], statistics);
  }
  const int classes = model().net->classes;
  float* values = call.values + first * narrow<size_t>(classes);
  if (call.output == INKLING_LOGITS) {
    reader_.classifier().logits(lane.images.data(), count, values, lane.network);
  } else {
    reader_.classifier().predict(lane.images.data(), count, values, lane.network);
  }
  expect_numbers(*model().net, {values, narrow<size_t>(count * classes)});
}

void inkling_model::classify_by_views(const Call& call, size_t n) const {
  const Shape& shape = model().net->input;
  const std::lock_guard lock(threads_);
  for (size_t first = 0; first < n; first += kViewImages) {
    const size_t count = std::min(kViewImages, n - first);
    Dataset images{.name = "images",
                   .height = shape.height,
                   .width = shape.width,
                   .channels = shape.channels,
                   .classes = model().net->classes};
    const auto copy = [&](const auto* pixels) {
      const auto* begin = pixels + first * shape.size();
      images.images = std::vector(begin, begin + count * shape.size());
    };
    call.type == INKLING_U8 ? copy(static_cast<const uint8_t*>(call.images))
                            : copy(static_cast<const float*>(call.images));
    const std::vector<float> mean = predict_views(*viewer_, images, all_indices(count),
                                                  statistics_of(model().normalisation), engine_);
    expect_numbers(*model().net, mean);
    std::ranges::copy(mean, call.values + first * narrow<size_t>(model().net->classes));
  }
}

void inkling_model::classify(const void* images, inkling_type type, size_t n, inkling_output output,
                             float* values) const {
  const Call call{.images = images, .type = type, .output = output, .values = values};
  if (viewer_ && output == INKLING_PROBABILITIES) return classify_by_views(call, n);
  const size_t pieces = (n + kPieceImages - 1) / kPieceImages;
  const auto run = [&](size_t piece, Lane& lane) {
    const size_t first = piece * kPieceImages;
    classify_piece(call, first, narrow<int>(std::min<size_t>(kPieceImages, n - first)), lane);
  };
  const auto make = [&] { return new_lane(); };
  const std::unique_lock lock(threads_, std::try_to_lock);
  const int threads = engine_.pool().threads();
  if (!lock || pieces < 2 || threads < 2) {  // on this thread: the others are busy or not worth it
    auto lane = lanes_.borrow(make);
    for (size_t piece = 0; piece < pieces; ++piece) run(piece, *lane);
    return lanes_.give_back(std::move(lane));
  }
  std::vector<std::unique_ptr<Lane>> lanes;
  for (int i = 0; i < threads; ++i) lanes.push_back(lanes_.borrow(make));
  constexpr size_t kMostPieces = 1 << 20;  // in a job, whose pieces are counted by int
  for (size_t begin = 0; begin < pieces; begin += kMostPieces) {
    engine_.pool().run(
        narrow<int>(std::min(kMostPieces, pieces - begin)),
        [&](int piece, int worker) { run(begin + narrow<size_t>(piece), *at(lanes, worker)); });
  }
  for (auto& lane : lanes) lanes_.give_back(std::move(lane));
}
