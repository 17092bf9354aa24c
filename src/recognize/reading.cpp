#include "recognize/reading.h"

#include <nlohmann/json.hpp>

namespace inkling {
namespace {

nlohmann::ordered_json box_json(const PixelBox& box) {
  return {box.left, box.top, box.width(), box.height()};
}

}  // namespace

std::string_view name_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::kBlank:
      return "blank";
    case Refusal::kNotADigit:
      return "not-a-digit";
    case Refusal::kUnreadable:
      return "unreadable";
    case Refusal::kNone:
      break;
  }
  return "";
}

nlohmann::ordered_json to_json(const DigitPrediction& prediction) {
  nlohmann::ordered_json json = {{"digit", nullptr}, {"label", nullptr}, {"confidence", nullptr}};
  if (prediction.is_read()) {
    json["digit"] = prediction.digit;
    json["label"] = prediction.label;
    json["confidence"] = prediction.confidence;
  }
  if (!prediction.probabilities.empty()) {
    json["probabilities"] = prediction.probabilities;
    json["p_refused"] = prediction.p_refused;
  }
  if (prediction.box) json["box"] = box_json(*prediction.box);
  if (!prediction.is_read()) json["reason"] = name_of(prediction.refusal);
  return json;
}

nlohmann::ordered_json to_json(const Reading& reading) {
  nlohmann::ordered_json json = {{"text", nullptr}, {"confidence", nullptr}};
  if (!reading.is_read()) {
    json["reason"] = name_of(reading.refusal);
    return json;
  }
  json["text"] = reading.text;
  json["confidence"] = reading.confidence;
  json["digits"] = nlohmann::ordered_json::array();
  for (const ReadDigit& digit : reading.digits) {
    json["digits"].push_back({{"digit", digit.digit},
                              {"confidence", digit.confidence},
                              {"box", box_json(digit.box)},
                              {"row", digit.row}});
  }
  return json;
}

}  // namespace inkling
