// The one way a figure is made: a description with gnuplot commands in it, and a sheet that draws
// any number of them in one gnuplot process, each as NAME.png (at twice the size) and NAME.svg.
// Style lives here: font, colours, where title and note stand. The SVG has no background and writes
// in the page's text colour, light or dark.
//
//   FigureSheet sheet("runs/a/figures");
//   sheet.add(line_chart({.name = "loss", .title = "Loss", ...}));   // charts.h, image_grid.h
//   std::string warning = sheet.draw();   // "" when all are drawn
//
// Not a place that decides what is worth a figure: those are data_figures.h and its siblings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace inkling {

// Okabe and Ito's palette, told apart by colour-blind people; in the order series take them.
inline constexpr const char* kPalette[] = {"#0072B2", "#E69F00", "#009E73", "#D55E00",
                                           "#CC79A7", "#56B4E9", "#F0E442"};
inline constexpr size_t kPaletteSize = sizeof(kPalette) / sizeof(kPalette[0]);
// Text has a contrast of at least 4.5 on white in the PNG, and in the SVG on light and dark pages.
inline constexpr const char* kInk = "#1f2328";    // text and axes
inline constexpr const char* kQuiet = "#656d76";  // notes, grids
inline constexpr const char* kMark = "#b34700";   // captions to be noticed

inline constexpr int kTitleHeight = 44;  // px kept free above a figure's own drawing
inline constexpr int kNoteHeight = 34;   // and below

struct Figure {
  std::string name;               // file name without extension
  std::string title;              // one line: what is to be seen
  std::string note;               // one or two lines ('\n') of small print: source, how to read it
  std::string alt;                // what a person who cannot see it should be told
  int width = 760, height = 480;  // px of the SVG
  std::string commands;           // gnuplot: ranges, labels, plots; may hold inline binary data
};

// A gnuplot string constant: single quotes, in which nothing is special, neither backslash nor
// backtick. Control characters become blanks.
std::string plot_text(std::string_view text);

// The data set as notes name it: what is synthetic says so in every figure.
std::string source_text(const std::string& dataset);

class FigureSheet {
 public:
  explicit FigureSheet(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void add(Figure figure) { figures_.push_back(std::move(figure)); }
  // There is no such figure this time: draw() removes an older one of that name.
  void leave_out(std::string name) { left_out_.push_back(std::move(name)); }
  const std::vector<Figure>& figures() const { return figures_; }
  const std::filesystem::path& folder() const { return folder_; }

  // Makes the folder and draws everything; a file appears whole or not at all. What is missing to
  // draw (no gnuplot) or went wrong in it comes back as a warning, for a run is worth having
  // without its pictures; older figures of these names are gone then, for they show something else.
  // Throws Error where the folder cannot be written.
  std::string draw() const;

 private:
  std::filesystem::path folder_;
  std::vector<Figure> figures_;
  std::vector<std::string> left_out_;
};

}  // namespace inkling
