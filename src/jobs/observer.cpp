#include "jobs/observer.h"

#include "base/error.h"

namespace inkling {

void expect_not_cancelled(JobObserver& observer) {
  if (observer.cancelled()) throw Error(ErrorKind::kInterrupted, "interrupted");
}

Stage::Stage(JobObserver& observer, std::string_view what) : observer_(observer) {
  expect_not_cancelled(observer);
  observer.stage(what);
}

void Stage::progress(double fraction) {
  expect_not_cancelled(observer_);
  observer_.stage_progress(fraction);
}

}  // namespace inkling
