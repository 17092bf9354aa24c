// Ctrl-C as a flag. The first SIGINT or SIGTERM sets it and the work ends at its next safe point;
// the second ends the process at once with exit code 130.
#pragma once

namespace inkling {

void catch_interrupts();
bool interrupted();

}  // namespace inkling
