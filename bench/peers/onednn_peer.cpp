// cnn3's convolutions and its large dense layer as oneDNN primitives, each pass alone, in the
// layouts oneDNN likes best: what the products cost in the library PyTorch stands on. A dense layer
// is a convolution whose kernel covers the image. Prints one JSON object.
//
//   onednn_peer f32|bf16 [BATCH]
#include <dnnl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using dnnl::memory;

struct Shape {
  const char* name;
  memory::dim size, in, out, kernel, padding;  // square images of `size` pixels
};

const Shape kShapes[] = {
    {"conv1", 28, 1, 32, 3, 1},
    {"conv2", 14, 32, 64, 3, 1},
    {"conv3", 7, 64, 128, 3, 1},
    {"fc1", 7, 128, 128, 7, 0},
};

struct Bench {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  memory::dim batch;
  memory::data_type type;
  bool first = true;

  // Median microseconds of a primitive on zeros.
  double time(const dnnl::primitive& primitive, const std::unordered_map<int, memory>& arguments) {
    std::vector<double> times;
    for (int run = 0; run < 30; ++run) {
      const auto start = std::chrono::steady_clock::now();
      primitive.execute(stream, arguments);
      stream.wait();
      const std::chrono::duration<double, std::micro> taken =
          std::chrono::steady_clock::now() - start;
      if (run >= 5) times.push_back(taken.count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }

  memory zeros(const memory::desc& desc) {
    memory made(desc, engine);
    std::memset(made.get_data_handle(), 0, desc.get_size());
    return made;
  }

  void print(const Shape& shape, const char* pass, double us) {
    const memory::dim edge = shape.size + 2 * shape.padding - shape.kernel + 1;
    const double flops = 2.0 * static_cast<double>(batch * edge * edge * shape.in * shape.out *
                                                   shape.kernel * shape.kernel);
    std::printf("%s\n    {\"name\": \"%s\", \"pass\": \"%s\", \"us\": %.1f, \"gflops\": %.1f}",
                first ? "" : ",", shape.name, pass, us, flops / us / 1e3);
    first = false;
  }

  void run(const Shape& shape) {
    using namespace dnnl;
    const memory::dim edge = shape.size + 2 * shape.padding - shape.kernel + 1;
    const auto any = [&](memory::dims dims) {
      return memory::desc(dims, type, memory::format_tag::any);
    };
    const memory::desc x = any({batch, shape.in, shape.size, shape.size});
    const memory::desc w = any({shape.out, shape.in, shape.kernel, shape.kernel});
    const memory::desc y = any({batch, shape.out, edge, edge});
    const memory::desc w_gradient({shape.out, shape.in, shape.kernel, shape.kernel},
                                  memory::data_type::f32, memory::format_tag::any);
    const memory::dims strides{1, 1}, padding{shape.padding, shape.padding};
    const auto algorithm = dnnl::algorithm::convolution_direct;

    const convolution_forward::primitive_desc forward(
        {prop_kind::forward_training, algorithm, x, w, y, strides, padding, padding}, engine);
    print(shape, "forward",
          time(convolution_forward(forward), {{DNNL_ARG_SRC, zeros(forward.src_desc())},
                                              {DNNL_ARG_WEIGHTS, zeros(forward.weights_desc())},
                                              {DNNL_ARG_DST, zeros(forward.dst_desc())}}));
    const convolution_backward_weights::primitive_desc weights(
        {algorithm, x, w_gradient, y, strides, padding, padding}, engine, forward);
    print(shape, "weights",
          time(convolution_backward_weights(weights),
               {{DNNL_ARG_SRC, zeros(weights.src_desc())},
                {DNNL_ARG_DIFF_DST, zeros(weights.diff_dst_desc())},
                {DNNL_ARG_DIFF_WEIGHTS, zeros(weights.diff_weights_desc())}}));
    if (shape.in == 1) return;  // nobody asks for the gradient of the pixels
    const convolution_backward_data::primitive_desc data(
        {algorithm, x, w, y, strides, padding, padding}, engine, forward);
    print(
        shape, "data",
        time(convolution_backward_data(data), {{DNNL_ARG_DIFF_DST, zeros(data.diff_dst_desc())},
                                               {DNNL_ARG_WEIGHTS, zeros(data.weights_desc())},
                                               {DNNL_ARG_DIFF_SRC, zeros(data.diff_src_desc())}}));
  }
};

}  // namespace

int main(int argc, char** argv) {
  const bool bf16 = argc > 1 && std::string(argv[1]) == "bf16";
  Bench bench;
  bench.batch = argc > 2 ? std::atoi(argv[2]) : 128;
  bench.type = bf16 ? memory::data_type::bf16 : memory::data_type::f32;
  std::printf("{\"layers\": [");
  for (const Shape& shape : kShapes) bench.run(shape);
  std::printf("]}\n");
}
