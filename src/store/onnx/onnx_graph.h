// Internal to store/onnx: an ONNX graph in the making, node by node.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace inkling {

class OnnxGraph {
 public:
  explicit OnnxGraph(onnx::GraphProto& graph) : graph_(graph) {}

  struct Attribute {
    std::string_view name;
    std::variant<int, float, std::vector<int>> value;
  };

  // Adds a node; its name is the output's. Returns the output.
  std::string node(std::string_view operation, const std::vector<std::string>& inputs,
                   const std::string& output, std::initializer_list<Attribute> attributes = {});
  // Constants. Return the name.
  std::string constant(const std::string& name, const std::vector<int64_t>& dims,
                       std::span<const float> values);
  std::string constant(const std::string& name, std::span<const int64_t> values);  // [values]

  // A value of the graph gets another name.
  void rename(const std::string& from, const std::string& to);

  // f32 [N, dims...], N dynamic.
  void input(const std::string& name, const std::vector<int>& dims);
  void output(const std::string& name, const std::vector<int>& dims);

 private:
  onnx::GraphProto& graph_;
};

}  // namespace inkling
