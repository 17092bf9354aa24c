#include "report/draw/figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "data/formats/picture.h"
#include "report/draw/charts.h"
#include "report/draw/gnuplot.h"
#include "report/draw/image_grid.h"
#include "support/drawn_dataset.h"
#include "support/environment.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

#define SKIP_WITHOUT_GNUPLOT() \
  if (!run_gnuplot("").empty()) GTEST_SKIP() << "needs gnuplot (Debian's package gnuplot-nox)"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::Not;

Figure small_chart(const std::string& name) {
  return line_chart({.name = name, .title = "Title", .note = "note", .alt = "a & b"},
                    {{.name = "one", .x = {0, 1}, .y = {1, 2}}}, {.x = "x", .y = "y"});
}

TEST(PlotText, NothingInItIsSpecialToGnuplot) {
  EXPECT_EQ(plot_text("it's `id` \\n $x\n\"q\""), "'it''s `id` \\n $x \"q\"'");
}

TEST(FigureSheet, DrawsEachFigureTwice) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder;
  FigureSheet sheet(folder / "figures");
  sheet.add(small_chart("first"));
  sheet.add(small_chart("second"));
  EXPECT_EQ(sheet.draw(), "");
  const Picture png = read_picture(folder / "figures/first.png");
  EXPECT_EQ(png.width, 2 * 760);
  EXPECT_EQ(png.height, 2 * 480);
  for (const char* name : {"first.svg", "second.png", "second.svg"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / "figures" / name)) << name;
  }
  int files = 0;
  for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator(folder / "figures"))
    ++files;
  EXPECT_EQ(files, 4);  // nothing half-drawn is left
}

TEST(FigureSheet, SvgFollowsThePageAndSpeaks) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder;
  FigureSheet sheet(folder.path());
  sheet.add(small_chart("chart"));
  ASSERT_EQ(sheet.draw(), "");
  const std::string svg = read_text_file(folder / "chart.svg");
  EXPECT_THAT(svg, HasSubstr("<title>Title</title>"));
  EXPECT_THAT(svg, HasSubstr("<desc>a &amp; b</desc>"));
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(svg, HasSubstr("fill=\"currentColor\""));
  // kInk, however gnuplot spells it, would not follow.
  EXPECT_THAT(svg, Not(testing::ContainsRegex("rgb\\( *31, *35, *40\\)")));
  EXPECT_THAT(svg, Not(HasSubstr(" color=\"")));  // would be what currentColor stands for
  EXPECT_THAT(svg, HasSubstr("class=\"quiet\""));
}

// Neither the user's settings nor the environment's decide what a figure looks like.
TEST(FigureSheet, WhatTheUserSetGnuplotToDoesNotShow) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder home, folder;
  const auto drawn = [&](const char* name) {
    FigureSheet sheet(folder / name);
    sheet.add(small_chart("chart"));
    EXPECT_EQ(sheet.draw(), "");
    return read_text_file(folder / name / "chart.svg");
  };
  const std::string plain = drawn("plain");
  write_file(home / ".gnuplot",
             "set decimalsign ','\nset object 77 rectangle from 0,0 to 1,1\nprint 'mine'\n"
             "system('touch " +
                 (folder / "run").string() + "')\nexit status 3\n");
  const EnvironmentVariable user("HOME", home.path().c_str());
  const EnvironmentVariable terminal("GNUTERM", "no-such-terminal");
  EXPECT_EQ(drawn("mine"), plain);
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

// A figure of an earlier run would be taken for this one's.
TEST(FigureSheet, WhatIsNotDrawnThisTimeIsGone) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder, empty;
  FigureSheet first(folder.path());
  for (const char* name : {"chart", "other", "seldom"}) first.add(small_chart(name));
  ASSERT_EQ(first.draw(), "");
  FigureSheet second(folder.path());
  second.add(small_chart("chart"));
  second.leave_out("seldom");
  ASSERT_EQ(second.draw(), "");
  EXPECT_TRUE(std::filesystem::exists(folder / "other.svg"));  // of whoever drew it
  EXPECT_FALSE(std::filesystem::exists(folder / "seldom.svg"));
  EXPECT_FALSE(std::filesystem::exists(folder / "seldom.png"));
  const EnvironmentVariable path("PATH", empty.path().c_str());
  EXPECT_THAT(second.draw(), HasSubstr("gnuplot-nox"));
  EXPECT_FALSE(std::filesystem::exists(folder / "chart.svg"));
  EXPECT_FALSE(std::filesystem::exists(folder / "chart.png"));
}

// A word that gnuplot would run, were it not quoted.
TEST(FigureSheet, TextIsNeverRun) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder;
  FigureSheet sheet(folder.path());
  Figure figure = small_chart("chart");
  figure.title = "`touch " + (folder / "run").string() + "`'";
  sheet.add(figure);
  EXPECT_EQ(sheet.draw(), "");
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST(FigureSheet, WithoutGnuplotSaysSoAndLeavesNothing) {
  const TemporaryFolder folder, empty;
  const EnvironmentVariable path("PATH", empty.path().c_str());
  FigureSheet sheet(folder.path());
  sheet.add(small_chart("chart"));
  EXPECT_THAT(sheet.draw(), HasSubstr("gnuplot-nox"));
  EXPECT_EQ(folder.entries(), 0);
}

TEST(FigureSheet, WhatGnuplotComplainsOfIsAWarningAndLeavesNothing) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder;
  FigureSheet sheet(folder.path());
  sheet.add(small_chart("good"));
  Figure bad = small_chart("bad");
  bad.commands = "no such command\n";
  sheet.add(bad);
  EXPECT_THAT(sheet.draw(), HasSubstr("invalid command"));
  EXPECT_EQ(folder.entries(), 0);
}

TEST(FigureSheet, FileThatCannotBeWrittenLeavesNothingHalfDrawn) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder;
  make_folder(folder / "first.png");
  FigureSheet sheet(folder.path());
  sheet.add(small_chart("first"));
  sheet.add(small_chart("second"));
  EXPECT_ERROR(sheet.draw(), ErrorKind::kSystem, "cannot write", "first.png");
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
}

TEST(FigureSheet, LinkStaysAndItsTargetIsDrawn) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder;
  std::filesystem::create_symlink("elsewhere.png", folder / "chart.png");
  FigureSheet sheet(folder.path());
  sheet.add(small_chart("chart"));
  ASSERT_EQ(sheet.draw(), "");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "chart.png"));
  EXPECT_EQ(read_picture(folder / "elsewhere.png").width, 2 * 760);
}

// The picture's corners, read back from the PNG, are the image's.
TEST(ImageGrid, ShowsThePixelsItWasGiven) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder;
  Tile tile{.width = 2, .height = 2, .rgb = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0}};
  FigureSheet sheet(folder.path());
  sheet.add(image_grid({.name = "grid", .title = "t"}, {tile}, {.columns = 1, .tile_px = 64}));
  ASSERT_EQ(sheet.draw(), "");
  const Picture png = read_picture(folder / "grid.png");
  ASSERT_EQ(png.channels, 3);
  const auto pixel = [&](int x, int y) {
    const size_t at = static_cast<size_t>(y * png.width + x) * 3;
    return std::vector<int>{png.pixels[at], png.pixels[at + 1], png.pixels[at + 2]};
  };
  // Left margin 16 px, title 44 px, at twice the size.
  const int left = 32, top = 2 * kTitleHeight;
  EXPECT_THAT(pixel(left + 32, top + 32), testing::ElementsAre(255, 0, 0));
  EXPECT_THAT(pixel(left + 96, top + 32), testing::ElementsAre(0, 255, 0));
  EXPECT_THAT(pixel(left + 32, top + 96), testing::ElementsAre(0, 0, 255));
  EXPECT_THAT(pixel(left + 96, top + 96), testing::ElementsAre(255, 255, 0));
  EXPECT_THAT(pixel(left - 8, top + 32), testing::ElementsAre(255, 255, 255));
}

TEST(Charts, BarsWithLongNamesAndGapsDraw) {
  SKIP_WITHOUT_GNUPLOT();
  const TemporaryFolder folder;
  FigureSheet sheet(folder.path());
  sheet.add(bar_chart({.name = "bars", .title = "t"},
                      {"a very long category name", "another very long category name",
                       "a third very long category name", "and the last"},
                      {{.name = "one", .y = {1, 2, 3, std::nan("")}}}, {.x = "x", .y = "y"}));
  EXPECT_EQ(sheet.draw(), "");
  EXPECT_TRUE(std::filesystem::exists(folder / "bars.png"));
}

}  // namespace
}  // namespace inkling
