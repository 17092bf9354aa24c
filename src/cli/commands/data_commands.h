// The commands behind `inkling data`, one file each, as in commands.h.
#pragma once

#include "cli/commands.h"

namespace inkling {

int run_data_fetch(const Arguments& arguments);
int run_data_synth(const Arguments& arguments);

inline constexpr Command kDataCommands[] = {
    {"fetch", "download a known data set into the user's cache", run_data_fetch},
    {"synth", "draw digits of our own and write them as a data set", run_data_synth},
};

}  // namespace inkling
