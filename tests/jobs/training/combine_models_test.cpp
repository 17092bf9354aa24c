#include "jobs/training/combine_models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/model_file.h"
#include "support/expect_error.h"
#include "support/job_test.h"

namespace inkling {
namespace {

class CombineJob : public JobTest {};

TEST_F(CombineJob, ResultDescribesTheModelWritten) {
  const CombineRequest request{
      .models = {train("a", 1), train("b", 2)}, .out = folder_ / "both", .name = "both"};
  const CombineResult made = combine_models(request, observer_);
  const Model model = load_model(made.file);
  EXPECT_EQ(model.net->name, "both");
  EXPECT_EQ(model.net->parameter_count(), made.parameters);
  EXPECT_EQ(model.net->flops(), made.flops);
}

TEST_F(CombineJob, CancelledWritesNoModel) {
  const CombineRequest request{.models = {train("a", 1), train("b", 2)}, .out = folder_ / "both"};
  cancel_at(2);
  EXPECT_ERROR(combine_models(request, observer_), ErrorKind::kInterrupted, "interrupted");
  EXPECT_FALSE(exists("both"));
}

}  // namespace
}  // namespace inkling
