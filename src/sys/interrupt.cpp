#include "sys/interrupt.h"

#include <signal.h>
#include <unistd.h>

namespace inkling {
namespace {

volatile sig_atomic_t g_interrupts = 0;

void on_signal(int) {
  if (g_interrupts > 0) _exit(130);
  g_interrupts = 1;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return g_interrupts != 0; }

}  // namespace inkling
