#include "report/draw/figure.h"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "base/index.h"
#include "data/synth/synth.h"
#include "report/draw/gnuplot.h"
#include "sys/file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFont = "DejaVu Sans";
constexpr int kFontSize = 12, kTitleSize = 16, kNoteSize = 10;  // px of the SVG

// Beside its place, as write_file does, so that no half-drawn file ever has the final name.
fs::path unfinished(const fs::path& path) { return path.string() + ".tmp"; }

// Title and note as labels at fixed places, the same in charts and grids.
std::string frame(const Figure& figure) {
  std::string text = fmt::format(
      "reset\n"
      "set label 1001 {} at screen {}, screen {} left front font '{},{}' textcolor rgb '{}'\n",
      plot_text(figure.title), 16.0 / figure.width, 1 - 20.0 / figure.height, kFont, kTitleSize,
      kInk);
  std::istringstream lines(figure.note);
  std::string line;
  const int count = narrow<int>(std::ranges::count(figure.note, '\n')) + 1;
  for (int i = 0; std::getline(lines, line); ++i) {
    text += fmt::format(
        "set label {} {} at screen {}, screen {} left front font '{},{}' textcolor rgb '{}'\n",
        1002 + i, plot_text(line), 16.0 / figure.width,
        (12.0 + 13.0 * (count - 1 - i)) / figure.height, kFont, kNoteSize, kQuiet);
  }
  text += fmt::format(
      "set border 3 linecolor rgb '{0}'\n"
      "set tics nomirror out scale 0.5 textcolor rgb '{0}'\n"
      "set grid ytics linecolor rgb '{1}' linewidth 0.5 dashtype 3\n"
      "set key textcolor rgb '{0}' samplen 2\n"
      "set tmargin at screen {2}\nset lmargin at screen {3}\nset rmargin at screen {4}\n"
      "set bmargin at screen {5}\n",
      kInk, kQuiet, 1 - 1.0 * kTitleHeight / figure.height, 74.0 / figure.width,
      1 - 24.0 / figure.width, (kNoteHeight + 13.0 * (count - 1) + 48.0) / figure.height);
  return text;
}

std::string script_of(const std::vector<Figure>& figures, const fs::path& folder) {
  std::string script;
  for (const Figure& figure : figures) {
    const std::string body = frame(figure) + figure.commands;
    const fs::path base = folder / figure.name;
    // The PNG is the SVG at twice the size; its fonts count points of 4/3 px.
    script += fmt::format(
        "set terminal pngcairo noenhanced background rgb 'white' font '{},{}' fontscale 1.5 "
        "linewidth 2 pointscale 2 size {},{}\nset output {}\n",
        kFont, kFontSize, 2 * figure.width, 2 * figure.height,
        plot_text(unfinished(base.string() + ".png").string()));
    script += body;
    script += fmt::format(
        "unset output\nset terminal svg noenhanced font '{},{}' size {},{}\nset output {}\n", kFont,
        kFontSize, figure.width, figure.height,
        plot_text(unfinished(base.string() + ".svg").string()));
    script += body;
    script += "unset output\n";
  }
  return script;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

std::string escaped(std::string text) {
  replace_all(text, "&", "&amp;");
  replace_all(text, "<", "&lt;");
  replace_all(text, ">", "&gt;");
  return text;
}

// gnuplot's SVG adapted to a page: text and axes in the page's colour, sharp pixels, a title and a
// description for screen readers.
std::string finished_svg(std::string svg, const Figure& figure) {
  const std::string font_rule = fmt::format("font-family=\"{}\"", kFont);
  replace_all(svg, font_rule, fmt::format("font-family=\"{}, sans-serif\"", kFont));
  // kInk as gnuplot writes it on lines and on text, and its `color` attributes.
  for (const char* ink : {"rgb( 31,  35,  40)", "rgb(31,35,40)"}) {
    replace_all(svg, ink, "currentColor");
  }
  for (const char* colour : {" color=\"black\"", " color=\"gray\"", " color=\"white\""}) {
    replace_all(svg, colour, "");
  }
  replace_all(svg, "fill=\"rgb(101,109,118)\"", "class=\"quiet\"");
  replace_all(svg, "fill=\"rgb(179,71,0)\"", "class=\"mark\"");
  replace_all(svg, "<image ", "<image style='image-rendering:pixelated' ");
  replace_all(svg, "<title>Gnuplot</title>",
              fmt::format("<title>{}</title>\n<style>svg{{color:{}}} .quiet{{fill:{}}} "
                          ".mark{{fill:{}}} @media screen and (prefers-color-scheme:dark){{"
                          "svg{{color:#e6edf3}} .quiet{{fill:#9aa4af}} .mark{{fill:#ffa066}}}}"
                          "</style>",
                          escaped(figure.title), kInk, kQuiet, kMark));
  const size_t desc = svg.find("<desc>"), end = svg.find("</desc>");
  if (desc != std::string::npos && end != std::string::npos) {
    svg.replace(desc + 6, end - desc - 6, escaped(figure.alt));
  }
  return svg;
}

void finish(const Figure& figure, const fs::path& folder) {
  const fs::path png = folder / (figure.name + ".png"), svg = folder / (figure.name + ".svg");
  write_file(svg, finished_svg(read_text_file(unfinished(svg)), figure));
  write_file(png, read_file(unfinished(png)));
}

// An older figure.
void remove_figure(const fs::path& base) {
  for (const char* extension : {".png", ".svg"}) {
    const fs::path file = base.string() + extension;
    std::error_code code;
    fs::remove(file, code);
    if (code) throw system_error("cannot remove {}: {}", file.string(), code.message());
  }
}

// Removes the files gnuplot has drawn when the work is done or has failed.
class Unfinished {
 public:
  Unfinished(const std::vector<Figure>& figures, const fs::path& folder)
      : figures_(figures), folder_(folder) {}
  ~Unfinished() {
    for (const Figure& figure : figures_) {
      for (const char* extension : {".png", ".svg"}) {
        std::error_code ignored;
        fs::remove(unfinished((folder_ / figure.name).string() + extension), ignored);
      }
    }
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  const std::vector<Figure>& figures_;
  const fs::path& folder_;
};

}  // namespace

std::string plot_text(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += c >= '\0' && c < ' ' ? ' ' : c;
  }
  return result + "'";
}

std::string plot_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.8g}", value) : "NaN";
}

int longest_of(std::span<const std::string> names) {
  int longest = 0;
  for (const std::string& name : names) longest = std::max(longest, count_of(name));
  return longest;
}

std::string source_text(const std::string& dataset) {
  return dataset == kSyntheticName ? "synthetic digits, drawn by Inkling" : dataset;
}

std::string FigureSheet::draw() const {
  make_folder(folder_);
  for (const std::string& name : left_out_) remove_figure(folder_ / name);
  if (figures_.empty()) return "";
  const Unfinished drawn(figures_, folder_);
  const std::string trouble = run_gnuplot(script_of(figures_, folder_));
  if (trouble.empty()) {
    for (const Figure& figure : figures_) finish(figure, folder_);
    return "";
  }
  for (const Figure& figure : figures_) remove_figure(folder_ / figure.name);
  return "no figures drawn: " + trouble;
}

}  // namespace inkling
