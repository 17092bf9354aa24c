#include "store/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/error.h"
#include "base/half.h"
#include "base/index.h"
#include "base/json.h"

namespace inkling {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "tensor bytes are copied as they lie");

constexpr size_t kLengthBytes = 8;
constexpr uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit
constexpr int kMaxDepth = 3;                       // header, tensor, shape
constexpr const char* kMetadata = "__metadata__";

// How many values, or nothing where the product leaves 63 bits.
bool count_values(std::span<const int64_t> dims, uint64_t& count) {
  count = 1;
  for (int64_t dim : dims) {
    if (dim < 0 || __builtin_mul_overflow(count, static_cast<uint64_t>(dim), &count)) return false;
  }
  return count <= (uint64_t{1} << 60);
}

constexpr std::array<std::pair<std::string_view, size_t>, 4> kDtypes{
    {{"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I8", 1}}};  // in Dtype's order, with bytes a value

size_t bytes_of(Dtype dtype) { return at(kDtypes, static_cast<int>(dtype)).second; }

// out: room for bytes_of(dtype) a value.
void write_values(const TensorData& tensor, uint8_t* out) {
  const auto write = [&](auto convert) {
    for (const float value : tensor.values) {
      const auto bits = convert(value);
      std::memcpy(out, &bits, sizeof bits);
      out += sizeof bits;
    }
  };
  switch (tensor.dtype) {
    case Dtype::kF32:
      return write([](float value) { return value; });
    case Dtype::kF16:
      return write(to_float16);
    case Dtype::kBf16:
      return write(to_bfloat16);
    case Dtype::kI8:
      return write([](float value) { return static_cast<int8_t>(value); });
  }
}

void read_values(const uint8_t* in, TensorData& tensor) {
  const auto read = [&]<typename Bits>(Bits bits, auto convert) {
    for (float& value : tensor.values) {
      std::memcpy(&bits, in, sizeof bits);
      in += sizeof bits;
      value = convert(bits);
    }
  };
  switch (tensor.dtype) {
    case Dtype::kF32:
      return read(0.0f, [](float value) { return value; });
    case Dtype::kF16:
      return read(uint16_t{}, from_float16);
    case Dtype::kBf16:
      return read(uint16_t{}, from_bfloat16);
    case Dtype::kI8:
      return read(int8_t{}, [](int8_t value) { return static_cast<float>(value); });
  }
}

// What the header says of one tensor, checked but for its neighbours.
struct Entry {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> dims;
  uint64_t begin = 0, end = 0;  // bytes, from the end of the header
};

// A value as an error message shows it.
std::string shown(const json& value) {
  return value.is_string() || value.is_number() ? json_text(value) : value.type_name();
}

uint64_t require_natural(const json& value, const std::string& what) {
  if (!value.is_number_unsigned()) {
    throw input_error("{}: expected a non-negative integer, found {}", what, shown(value));
  }
  return value.get<uint64_t>();
}

Entry parse_entry(const std::string& name, const json& value, std::string_view source) {
  const std::string what = fmt::format("{}: tensor {}", source, name);
  if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") ||
      !value.contains("data_offsets")) {
    throw input_error("{}: expected dtype, shape and data_offsets, found an entry without", what);
  }
  const json& dtype = value["dtype"];
  const auto known = std::ranges::find_if(kDtypes, [&](const auto& one) {
    return dtype.is_string() && dtype.get_ref<const std::string&>() == one.first;
  });
  if (known == kDtypes.end()) {
    throw input_error("{}: expected dtype \"F32\", \"F16\", \"BF16\" or \"I8\", found {}", what,
                      shown(dtype));
  }
  const json& shape = value["shape"];
  const json& offsets = value["data_offsets"];
  if (!shape.is_array() || !offsets.is_array() || offsets.size() != 2) {
    throw input_error("{}: expected shape as a list and data_offsets as a pair, found other", what);
  }
  Entry entry;
  entry.name = name;
  entry.dtype = static_cast<Dtype>(known - kDtypes.begin());
  for (const json& dim : shape) {
    const uint64_t extent = require_natural(dim, what + ", shape");
    if (extent > (uint64_t{1} << 60)) throw input_error("{}, shape: {} is too large", what, extent);
    entry.dims.push_back(static_cast<int64_t>(extent));
  }
  entry.begin = require_natural(offsets[0], what + ", data_offsets");
  entry.end = require_natural(offsets[1], what + ", data_offsets");
  uint64_t count = 0;
  if (!count_values(entry.dims, count)) {
    throw input_error("{}, shape: expected a product that can be counted, found overflow", what);
  }
  if (entry.end < entry.begin || entry.end - entry.begin != count * bytes_of(entry.dtype)) {
    throw input_error("{}: expected data_offsets {} bytes apart, found [{}, {}]", what,
                      count * bytes_of(entry.dtype), entry.begin, entry.end);
  }
  return entry;
}

void parse_metadata(const json& value, std::string_view source,
                    std::map<std::string, std::string>& metadata) {
  if (!value.is_object()) throw input_error("{}: expected __metadata__ as an object", source);
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) {
      throw input_error("{}: expected text in __metadata__, found none under {}", source, key);
    }
    metadata[key] = text.get<std::string>();
  }
}

// Every byte of the data belongs to exactly one tensor.
void require_gapless(std::vector<Entry> entries, uint64_t data_bytes, std::string_view source) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  uint64_t reached = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != reached) {
      throw input_error("{}: tensor {}: expected data_offsets to begin at {} ({}), found {}",
                        source, entry.name, reached, entry.begin < reached ? "overlap" : "gap",
                        entry.begin);
    }
    reached = entry.end;
  }
  if (reached != data_bytes) {
    throw input_error("{}: expected {} bytes of tensors, found {}", source, reached, data_bytes);
  }
}

}  // namespace

std::string_view dtype_name(Dtype dtype) { return at(kDtypes, static_cast<int>(dtype)).first; }

std::vector<const TensorData*> in_name_order(std::span<const TensorData> tensors) {
  std::vector<const TensorData*> order;
  for (const TensorData& tensor : tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(),
            [](const TensorData* a, const TensorData* b) { return a->name < b->name; });
  return order;
}

std::vector<uint8_t> encode_safetensors(std::span<const TensorData> tensors,
                                        const std::map<std::string, std::string>& metadata) {
  const std::vector<const TensorData*> order = in_name_order(tensors);
  json header = json::object();
  if (!metadata.empty()) header[kMetadata] = metadata;
  uint64_t offset = 0;
  for (const TensorData* tensor : order) {
    uint64_t count = 0;
    INKLING_CHECK(count_values(tensor->dims, count) && count == tensor->values.size());
    INKLING_CHECK(!header.contains(tensor->name) && tensor->name != kMetadata);
    const uint64_t end = offset + count * bytes_of(tensor->dtype);
    header[tensor->name] = {{"dtype", dtype_name(tensor->dtype)},
                            {"shape", tensor->dims},
                            {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = json_text(header);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the tensors begin on eight bytes

  std::vector<uint8_t> bytes(kLengthBytes + text.size() + offset);
  const uint64_t length = text.size();
  std::memcpy(bytes.data(), &length, kLengthBytes);
  std::memcpy(bytes.data() + kLengthBytes, text.data(), text.size());
  uint8_t* out = bytes.data() + kLengthBytes + text.size();
  for (const TensorData* tensor : order) {
    write_values(*tensor, out);
    out += tensor->values.size() * bytes_of(tensor->dtype);
  }
  return bytes;
}

Safetensors decode_safetensors(std::span<const uint8_t> bytes, std::string_view source) {
  uint64_t header_bytes = 0;
  if (bytes.size() < kLengthBytes) {
    throw input_error("{}: expected safetensors, at least {} bytes, found {}", source, kLengthBytes,
                      bytes.size());
  }
  std::memcpy(&header_bytes, bytes.data(), kLengthBytes);
  const uint64_t rest = bytes.size() - kLengthBytes;
  if (header_bytes > std::min(rest, kMaxHeaderBytes)) {
    throw input_error("{}: expected a safetensors header of at most {} bytes, found a claim of {}",
                      source, std::min(rest, kMaxHeaderBytes), header_bytes);
  }
  const std::span<const uint8_t> data = bytes.subspan(kLengthBytes + header_bytes);

  Safetensors result;
  std::vector<Entry> entries;
  const auto* text = reinterpret_cast<const char*>(bytes.data() + kLengthBytes);
  const json header =
      parse_strict_json_object({text, header_bytes}, kMaxDepth, fmt::format("{}: header", source));
  for (const auto& [name, value] : header.items()) {
    if (name == kMetadata) {
      parse_metadata(value, source, result.metadata);
    } else {
      entries.push_back(parse_entry(name, value, source));
    }
  }
  require_gapless(entries, data.size(), source);

  for (Entry& entry : entries) {  // in name order, as nlohmann's objects are
    TensorData& tensor = result.tensors.emplace_back();
    tensor.name = std::move(entry.name);
    tensor.dims = std::move(entry.dims);
    tensor.dtype = entry.dtype;
    tensor.values.resize((entry.end - entry.begin) / bytes_of(entry.dtype));
    read_values(data.data() + entry.begin, tensor);
  }
  return result;
}

}  // namespace inkling
