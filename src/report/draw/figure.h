// How every figure is made: a description with gnuplot commands in it, and a sheet that draws any
// number of them in one gnuplot process, each as NAME.png (at twice the size) and NAME.svg. Style
// lives here: font, colours, places of title and note. The SVG has no background and uses the
// page's text colour, light or dark.
//
//   FigureSheet sheet("runs/a/figures");
//   sheet.add(line_chart({.name = "loss", .title = "Loss", ...}));   // charts.h, image_grid.h
//   std::string warning = sheet.draw();   // "" when all are drawn
//
// Which figures there are is decided in data_figures.h and its siblings. One thread at a time uses
// a sheet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inkling {

// Okabe and Ito's palette, distinguishable by colour-blind people; in the order series take them.
inline constexpr const char* kPalette[] = {"#0072B2", "#E69F00", "#009E73", "#D55E00",
                                           "#CC79A7", "#56B4E9", "#F0E442"};
inline constexpr size_t kPaletteSize = sizeof(kPalette) / sizeof(kPalette[0]);
// Text has a contrast of at least 4.5 on white in the PNG, and in the SVG on light and dark pages.
inline constexpr const char* kInk = "#1f2328";    // text and axes
inline constexpr const char* kQuiet = "#656d76";  // notes, grids
inline constexpr const char* kMark = "#b34700";   // captions that should stand out

inline constexpr int kTitleHeight = 44;  // px kept free above a figure's own drawing
inline constexpr int kNoteHeight = 34;   // and below

struct Figure {
  std::string name;               // file name without extension
  std::string title;              // one line: what the figure shows
  std::string note;               // one or two lines ('\n') of small print: source, how to read it
  std::string alt;                // description for people who cannot see it
  int width = 760, height = 480;  // px of the SVG
  std::string commands;           // gnuplot: ranges, labels, plots; may hold inline binary data
};

// A gnuplot string constant: in single quotes nothing is special, neither backslash nor backtick.
// Control characters become spaces.
std::string plot_text(std::string_view text);

// A number as gnuplot reads it, to eight digits.
std::string plot_number(double value);

// Length of the longest name, bytes; 0 of none.
int longest_of(std::span<const std::string> names);

// The dataset as notes name it: synthetic data says so in every figure.
std::string source_text(const std::string& dataset);

class FigureSheet {
 public:
  explicit FigureSheet(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void add(Figure figure) { figures_.push_back(std::move(figure)); }
  // This time there is no such figure: draw() removes an older one of that name.
  void leave_out(std::string name) { left_out_.push_back(std::move(name)); }
  const std::vector<Figure>& figures() const { return figures_; }
  const std::filesystem::path& folder() const { return folder_; }

  // Creates the folder and draws everything; a file appears complete or not at all. Returns "" or,
  // as a warning, why nothing was drawn (no gnuplot, or it failed): a run is useful without its
  // figures. Older figures of these names are then removed, for they show something else. Throws
  // Error if the folder cannot be written.
  std::string draw() const;

 private:
  std::filesystem::path folder_;
  std::vector<Figure> figures_;
  std::vector<std::string> left_out_;
};

}  // namespace inkling
