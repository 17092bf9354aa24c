#include "store/onnx/onnx_graph.h"

#include <bit>

namespace inkling {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

void describe(onnx::ValueInfoProto& value, const std::string& name, const std::vector<int>& dims) {
  value.set_name(name);
  onnx::TypeProto_Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto_DataType_FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  for (const int extent : dims) tensor.mutable_shape()->add_dim()->set_dim_value(extent);
}

}  // namespace

std::string OnnxGraph::node(std::string_view operation, const std::vector<std::string>& inputs,
                            const std::string& output,
                            std::initializer_list<Attribute> attributes) {
  onnx::NodeProto& node = *graph_.add_node();
  node.set_op_type(std::string(operation));
  node.set_name(output);
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(output);
  for (const Attribute& given : attributes) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(std::string(given.name));
    if (const float* real = std::get_if<float>(&given.value)) {
      attribute.set_type(onnx::AttributeProto_AttributeType_FLOAT);
      attribute.set_f(*real);
    } else if (const int* whole = std::get_if<int>(&given.value)) {
      attribute.set_type(onnx::AttributeProto_AttributeType_INT);
      attribute.set_i(*whole);
    } else {
      attribute.set_type(onnx::AttributeProto_AttributeType_INTS);
      for (const int one : std::get<std::vector<int>>(given.value)) attribute.add_ints(one);
    }
  }
  return output;
}

std::string OnnxGraph::constant(const std::string& name, const std::vector<int64_t>& dims,
                                std::span<const float> values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto_DataType_FLOAT);
  for (const int64_t extent : dims) tensor.add_dims(extent);
  tensor.set_raw_data(values.data(), values.size_bytes());
  return name;
}

std::string OnnxGraph::constant(const std::string& name, std::span<const int64_t> values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto_DataType_INT64);
  tensor.add_dims(std::ssize(values));
  tensor.set_raw_data(values.data(), values.size_bytes());
  return name;
}

void OnnxGraph::rename(const std::string& from, const std::string& to) {
  for (onnx::NodeProto& node : *graph_.mutable_node()) {
    for (std::string& name : *node.mutable_input()) {
      if (name == from) name = to;
    }
    for (std::string& name : *node.mutable_output()) {
      if (name != from) continue;
      name = to;
      node.set_name(to);
    }
  }
}

void OnnxGraph::input(const std::string& name, const std::vector<int>& dims) {
  describe(*graph_.add_input(), name, dims);
}

void OnnxGraph::output(const std::string& name, const std::vector<int>& dims) {
  describe(*graph_.add_output(), name, dims);
}

}  // namespace inkling
