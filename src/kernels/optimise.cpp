// Parameter updates for every Highway target. Specification: reference.h.
#include "kernels/optimise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/optimise.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

void adam(const AdamStep& step, const float* gradient, ptrdiff_t n, float* first, float* second,
          float* weights) noexcept {
  const D d;
  const V beta1 = hn::Set(d, step.beta1), rest1 = hn::Set(d, 1.0f - step.beta1);
  const V beta2 = hn::Set(d, step.beta2), rest2 = hn::Set(d, 1.0f - step.beta2);
  const V minus_step = hn::Set(d, -step.step), epsilon = hn::Set(d, step.epsilon);
  const V shrink = hn::Set(d, 1.0f - step.decay);
  const V l2 = hn::Set(d, step.l2), scale = hn::Set(d, step.scale);
  const auto update = [&](auto load, auto store) HWY_ATTR {
    const V w = load(weights);
    const V g = hn::MulAdd(l2, w, hn::Mul(scale, load(gradient)));
    const V m = hn::MulAdd(beta1, load(first), hn::Mul(rest1, g));
    const V v = hn::MulAdd(beta2, load(second), hn::Mul(rest2, hn::Mul(g, g)));
    const V change = hn::Div(m, hn::Add(hn::Sqrt(v), epsilon));
    store(m, first);
    store(v, second);
    store(hn::MulAdd(minus_step, change, hn::Mul(shrink, w)), weights);
  };
  for_vectors(
      n,
      [&](ptrdiff_t i) HWY_ATTR {
        update([&](const float* p) HWY_ATTR { return hn::LoadU(d, p + i); },
               [&](V v, float* p) HWY_ATTR { hn::StoreU(v, d, p + i); });
      },
      [&](ptrdiff_t i, ptrdiff_t count) HWY_ATTR {
        update([&](const float* p) HWY_ATTR { return load_first(p + i, count); },
               [&](V v, float* p) HWY_ATTR { store_first(v, count, p + i); });
      });
}

void sgd(const SgdStep& step, const float* gradient, ptrdiff_t n, float* velocity,
         float* weights) noexcept {
  const D d;
  const V momentum = hn::Set(d, step.momentum), minus_lr = hn::Set(d, -step.lr);
  const V l2 = hn::Set(d, step.l2), scale = hn::Set(d, step.scale);
  const auto update = [&](auto load, auto store) HWY_ATTR {
    const V w = load(weights);
    const V g = hn::MulAdd(l2, w, hn::Mul(scale, load(gradient)));
    const V v = hn::MulAdd(momentum, load(velocity), g);
    store(v, velocity);
    store(hn::MulAdd(minus_lr, step.nesterov ? hn::MulAdd(momentum, v, g) : v, w), weights);
  };
  for_vectors(
      n,
      [&](ptrdiff_t i) HWY_ATTR {
        update([&](const float* p) HWY_ATTR { return hn::LoadU(d, p + i); },
               [&](V v, float* p) HWY_ATTR { hn::StoreU(v, d, p + i); });
      },
      [&](ptrdiff_t i, ptrdiff_t count) HWY_ATTR {
        update([&](const float* p) HWY_ATTR { return load_first(p + i, count); },
               [&](V v, float* p) HWY_ATTR { store_first(v, count, p + i); });
      });
}

void average(float decay, const float* weights, ptrdiff_t n, float* means) noexcept {
  const D d;
  const V fraction = hn::Set(d, 1.0f - decay);
  for_vectors(
      n,
      [&](ptrdiff_t i) HWY_ATTR {
        const V a = hn::LoadU(d, means + i);
        hn::StoreU(hn::MulAdd(fraction, hn::Sub(hn::LoadU(d, weights + i), a), a), d, means + i);
      },
      [&](ptrdiff_t i, ptrdiff_t count) HWY_ATTR {
        const V a = load_first(means + i, count);
        store_first(hn::MulAdd(fraction, hn::Sub(load_first(weights + i, count), a), a), count,
                    means + i);
      });
}

}  // namespace

const OptimiseKernels* optimise_kernels() {
  static const OptimiseKernels kTable = {adam, sgd, average};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
