// The subcommands of `inkling data`, one file each, as in commands.h.
#pragma once

#include "cli/commands.h"

namespace inkling {

int run_data_fetch(const Arguments& arguments);
int run_data_reader(const Arguments& arguments);
int run_data_locator(const Arguments& arguments);
int run_data_synth(const Arguments& arguments);

inline constexpr Command kDataCommands[] = {
    {"fetch", "download a known dataset into the user's cache", run_data_fetch},
    {"reader", "draw the training images of the built-in reader", run_data_reader},
    {"locator", "draw the training images of the built-in locator", run_data_locator},
    {"synth", "draw synthetic digits and write them as a dataset", run_data_synth},
};

}  // namespace inkling
