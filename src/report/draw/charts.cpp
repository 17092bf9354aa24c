#include "report/draw/charts.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

std::string axes_commands(const Axes& axes, size_t series, int height) {
  std::string text = fmt::format(
      "set xlabel {} textcolor rgb '{}'\nset ylabel {} textcolor rgb '{}' offset 0.5,0\n"
      "set format y '%.10g'\n",
      plot_text(axes.x), kInk, plot_text(axes.y), kInk);
  if (axes.log_y) text += "set logscale y\nset format y '%g'\n";
  if (axes.from_zero && !axes.log_y) text += "set yrange [0:*]\n";
  // The key gets a line between title and axes, clear of the data.
  text += series > 1 ? fmt::format(
                           "set tmargin at screen {}\n"
                           "set key at graph 0,1.02 left bottom horizontal Left reverse\n",
                           1 - (kTitleHeight + 22.0) / height)
                     : "unset key\n";
  return text;
}

}  // namespace

Figure bar_chart(Figure figure, const std::vector<std::string>& categories,
                 const std::vector<Series>& series, const Axes& axes) {
  INKLING_CHECK(!series.empty() && series.size() <= kPaletteSize);
  const int longest = longest_of(categories), n = count_of(categories);
  const bool slanted = longest * n * 8 > figure.width - 120;
  figure.commands += axes_commands(axes, series.size(), figure.height);
  figure.commands +=
      fmt::format("set xrange [-0.6:{}]\nset style fill solid 1 noborder\n", n - 0.4);
  if (slanted) {
    const double lift = kNoteHeight + 42 + 4.5 * longest;
    figure.commands += fmt::format("set bmargin at screen {}\n", lift / figure.height);
  }
  figure.commands += fmt::format("set xtics {}(", slanted ? "rotate by 35 right " : "");
  for (size_t i = 0; i < categories.size(); ++i) {
    figure.commands += fmt::format("{}{} {}", i == 0 ? "" : ", ", plot_text(categories[i]), i);
  }
  figure.commands += ")\n";
  const double width = 0.8 / count_of(series);
  std::string plots, data;
  for (int s = 0; s < count_of(series); ++s) {
    const Series& bars = at(series, s);
    INKLING_CHECK(count_of(bars.y) == n);
    plots += fmt::format("{}'-' using 1:2:({}) with boxes linecolor rgb '{}' title {}",
                         s == 0 ? "plot " : ", ", width * 0.92, kPalette[s], plot_text(bars.name));
    for (int i = 0; i < n; ++i) {
      const double x = i - 0.4 + width * (s + 0.5);
      data += fmt::format("{} {}\n", x, plot_number(at(bars.y, i)));
    }
    data += "e\n";
  }
  figure.commands += plots + "\n" + data;
  return figure;
}

Figure line_chart(Figure figure, const std::vector<Series>& series, const Axes& axes) {
  INKLING_CHECK(!series.empty() && series.size() <= kPaletteSize);
  figure.commands += axes_commands(axes, series.size(), figure.height);
  figure.commands += "set xrange [*:*] noextend\n";
  std::string plots, data;
  for (size_t s = 0; s < series.size(); ++s) {
    INKLING_CHECK(series[s].x.size() == series[s].y.size());
    plots += fmt::format("{}'-' using 1:2 with lines linewidth 1.8 linecolor rgb '{}' title {}",
                         s == 0 ? "plot " : ", ", kPalette[s], plot_text(series[s].name));
    for (size_t i = 0; i < series[s].x.size(); ++i) {
      data += fmt::format("{} {}\n", plot_number(series[s].x[i]), plot_number(series[s].y[i]));
    }
    data += "e\n";
  }
  figure.commands += plots + "\n" + data;
  return figure;
}

}  // namespace inkling
