// How the learning rate moves over a training.
#pragma once

#include <string>
#include <string_view>

namespace inkling {

enum class Schedule { kConstant, kLinear, kCosine };

// Throws Error (usage) for an unknown name.
Schedule parse_schedule(std::string_view name);
std::string_view schedule_name(Schedule schedule);

// The share of the peak learning rate at `progress` in [0, 1) of the training: 1 throughout, or
// falling to 0 along a line or half a cosine (Loshchilov and Hutter 2017).
double schedule_factor(Schedule schedule, double progress);

}  // namespace inkling
