#include "data/synth/synth_form_text.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/numbers.h"

namespace inkling {
namespace {

// The words of a text, one after the other; "," ";" ":" "/" and "!" are words.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) { skip_space(); }

  bool done() const { return rest_.empty(); }
  std::string_view next() {
    INKLING_CHECK(!done());
    const size_t end = std::max<size_t>(rest_.find_first_of(",;:/! \n"), 1);
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(word.size());
    skip_space();
    return word;
  }
  double number() {
    const std::optional<double> value = parse_real(next());
    INKLING_CHECK(value.has_value());
    return *value;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    next();
    return true;
  }

 private:
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }
  std::string_view rest_;
};

DigitForm read_form(Words& words) {
  DigitForm form{words.next(), words.number(), {}};
  INKLING_CHECK(words.take(":"));
  do {
    FormStroke& stroke = form.strokes.emplace_back();
    do {
      const double x = words.number(), y = words.number();
      stroke.push_back({x, y, words.take("!")});
    } while (words.take(","));
  } while (words.take("/"));
  INKLING_CHECK(words.take(";"));
  return form;
}

}  // namespace

std::vector<DigitForm> parse_forms(std::string_view text) {
  std::vector<DigitForm> forms;
  for (Words words(text); !words.done();) forms.push_back(read_form(words));
  return forms;
}

}  // namespace inkling
