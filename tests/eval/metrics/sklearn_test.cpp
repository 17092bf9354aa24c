// Agreement with independent sources (sklearn_check.py): live where python3-sklearn is installed,
// and by values recorded from it everywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/random.h"
#include "eval/metrics/evaluation.h"
#include "support/process.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

struct Case {
  const char* name;
  int images, classes;
  int labels_from, labels_to;  // labels drawn from [from, to)
  int grain;                   // probabilities are multiples of 1 / grain: small ones tie
};

const Case kCases[] = {{"plain", 1000, 10, 0, 10, 4096},       {"tied", 500, 5, 0, 5, 8},
                       {"absent classes", 200, 12, 3, 7, 256}, {"one class", 50, 4, 2, 3, 64},
                       {"two images", 2, 3, 0, 3, 16},         {"two classes", 300, 2, 0, 2, 32}};

struct Drawn {
  std::vector<float> probabilities;
  std::vector<uint8_t> labels;
};

// Rows that sum to one exactly: `grain` grains thrown at the classes, the true one favoured.
Drawn drawn(const Case& c) {
  Drawn set;
  Random random(7, static_cast<uint64_t>(c.images), static_cast<uint64_t>(c.classes));
  for (int i = 0; i < c.images; ++i) {
    const auto label = static_cast<uint8_t>(
        c.labels_from + static_cast<int>(random.below(uint64_t(c.labels_to - c.labels_from))));
    std::vector<int> grains(static_cast<size_t>(c.classes));
    const double luck = random.uniform(), favour = random.uniform();
    const size_t favourite = luck < 0.7 ? label : random.below(uint64_t(c.classes));
    for (int g = 0; g < c.grain; ++g) {
      ++grains[random.uniform() < favour ? favourite : random.below(uint64_t(c.classes))];
    }
    for (const int g : grains) set.probabilities.push_back(float(g) / float(c.grain));
    set.labels.push_back(label);
  }
  return set;
}

nlohmann::json asked(const Case& c, const Drawn& set) {
  nlohmann::json rows = nlohmann::json::array();
  for (size_t i = 0; i < set.labels.size(); ++i) {
    const auto begin = set.probabilities.begin() + std::ptrdiff_t(i) * c.classes;
    rows.push_back(std::vector<float>(begin, begin + c.classes));
  }
  return {{"classes", c.classes}, {"labels", set.labels}, {"probabilities", rows}};
}

void expect_averages(const Averages& ours, const nlohmann::json& theirs) {
  EXPECT_NEAR(ours.precision, theirs["precision"], 1e-9);
  EXPECT_NEAR(ours.recall, theirs["recall"], 1e-9);
  EXPECT_NEAR(ours.f1, theirs["f1"], 1e-9);
}

Evaluation evaluate(const Case& c, const Drawn& set) {
  return evaluate_predictions(
      {.indices = {}, .labels = set.labels, .probabilities = set.probabilities}, c.classes);
}

TEST(Sklearn, AgreesOnEveryMetric) {
  const std::string python = "/usr/bin/python3";
  const char* asks = "import importlib.util as u, sys; sys.exit(u.find_spec('sklearn') is None)";
  if (run_program({python, "-c", asks}).code != 0) GTEST_SKIP() << "needs python3-sklearn";
  nlohmann::json sets = nlohmann::json::array();
  for (const Case& c : kCases) sets.push_back(asked(c, drawn(c)));
  const TemporaryFolder folder;
  write_file(folder / "sets.json", sets.dump());
  const Finished run =
      run_program({"/bin/sh", "-c",
                   "exec " + python + " '" INKLING_SOURCE "/tests/eval/sklearn_check.py' <'" +
                       (folder / "sets.json").string() + "'"});
  ASSERT_EQ(run.code, 0) << run.err;
  const nlohmann::json predictions = nlohmann::json::parse(run.out);
  ASSERT_EQ(predictions.size(), std::size(kCases));
  for (size_t i = 0; i < std::size(kCases); ++i) {
    SCOPED_TRACE(kCases[i].name);
    const nlohmann::json& theirs = predictions[i];
    const Evaluation ours = evaluate(kCases[i], drawn(kCases[i]));
    EXPECT_NEAR(ours.metrics.accuracy, theirs["accuracy"], 1e-9);
    EXPECT_NEAR(ours.metrics.loss, theirs["loss"], 1e-9);
    EXPECT_EQ(nlohmann::json(ours.metrics.confusion), theirs["confusion"]);
    expect_averages(ours.metrics.macro, theirs["macro"]);
    expect_averages(ours.metrics.weighted, theirs["weighted"]);
    for (size_t k = 0; k < ours.metrics.per_class.size(); ++k) {
      const ClassMetrics& m = ours.metrics.per_class[k];
      expect_averages({m.precision, m.recall, m.f1}, theirs["per_class"][k]);
      EXPECT_EQ(m.support, theirs["per_class"][k]["support"]);
    }
    ASSERT_EQ(ours.metrics.top_k.size(), theirs["top_k"].size());
    for (size_t k = 0; k < ours.metrics.top_k.size(); ++k) {
      EXPECT_NEAR(ours.metrics.top_k[k], theirs["top_k"][k], 1e-9) << k + 1;
    }
    EXPECT_NEAR(ours.calibration.brier, theirs["brier"], 1e-9);
    EXPECT_NEAR(ours.calibration.ece, theirs["ece"], 1e-9);
    EXPECT_NEAR(ours.selective.aurc, theirs["aurc"], 1e-9);
  }
}

// Recorded with scikit-learn 1.2.1 and numpy 1.24.2 by `python3 tests/eval/metrics/sklearn_check.py
// < sets.json`, the file the live test writes.
struct Recorded {
  double accuracy, loss, macro_f1, weighted_f1, top_2, brier, ece, aurc;
};
const Recorded kRecorded[] = {{0.737, 1.422081713900222, 0.7367122760383096, 0.737159766963294,
                               0.766, 0.5566265785694123, 0.2513701171875, 0.2591517036227443},
                              {0.614, 4.224896853018929, 0.6132500066727032, 0.6145497088680306,
                               0.746, 0.57875, 0.10975, 0.28107538352634226},
                              {0.75, 1.5413901861385484, 0.281998884183081, 0.8449320544608291,
                               0.78, 0.548248291015625, 0.2808007812500001, 0.21067080712275557},
                              {0.84, 1.2567273866617454, 0.2282608695652174, 0.9130434782608696,
                               0.9, 0.3846777343750001, 0.30125, 0.1701598435069138},
                              {1.0, 0.41333928659223396, 1.0, 1.0, 1.0, 0.19921875, 0.3125, 0.0},
                              {0.85, 0.6129569888956671, 0.8499583217560434, 0.8498916365657125,
                               1.0, 0.27930338541666666, 0.13177083333333334, 0.10505950946872562}};

TEST(Sklearn, RecordedValuesAreMet) {
  static_assert(std::size(kCases) == std::size(kRecorded));
  for (size_t i = 0; i < std::size(kCases); ++i) {
    SCOPED_TRACE(kCases[i].name);
    const Evaluation ours = evaluate(kCases[i], drawn(kCases[i]));
    const Recorded& theirs = kRecorded[i];
    EXPECT_NEAR(ours.metrics.accuracy, theirs.accuracy, 1e-9);
    EXPECT_NEAR(ours.metrics.loss, theirs.loss, 1e-9);
    EXPECT_NEAR(ours.metrics.macro.f1, theirs.macro_f1, 1e-9);
    EXPECT_NEAR(ours.metrics.weighted.f1, theirs.weighted_f1, 1e-9);
    EXPECT_NEAR(ours.metrics.top_k[1], theirs.top_2, 1e-9);
    EXPECT_NEAR(ours.calibration.brier, theirs.brier, 1e-9);
    EXPECT_NEAR(ours.calibration.ece, theirs.ece, 1e-9);
    EXPECT_NEAR(ours.selective.aurc, theirs.aurc, 1e-9);
  }
}

}  // namespace
}  // namespace inkling
