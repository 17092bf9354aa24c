#include "nn/schedule.h"

#include <cmath>
#include <numbers>

#include "base/error.h"

namespace inkling {
namespace {
constexpr std::string_view kNames[] = {"constant", "linear", "cosine"};
}  // namespace

Schedule parse_schedule(std::string_view name) {
  for (const Schedule schedule : {Schedule::kConstant, Schedule::kLinear, Schedule::kCosine}) {
    if (schedule_name(schedule) == name) return schedule;
  }
  throw usage_error("schedule: expected constant, linear or cosine; found \"{}\"", name);
}

std::string_view schedule_name(Schedule schedule) { return kNames[static_cast<size_t>(schedule)]; }

double schedule_factor(Schedule schedule, double progress) {
  switch (schedule) {
    case Schedule::kLinear:
      return 1.0 - progress;
    case Schedule::kCosine:
      return 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
    default:
      return 1.0;
  }
}

}  // namespace inkling
