// inkling explain.
#include "cli/program.h"
#include "data/formats/picture.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class Explain : public Program {
 protected:
  Explain() { write_tiny(); }
  bool has_gnuplot() const {
    return run_program({"/bin/sh", "-c", "command -v gnuplot"}).code == 0;
  }
};

TEST_F(Explain, DrawsTheMapsOfAnImageAndOfAPicture) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  ASSERT_EQ(train("a").code, 0);
  const Finished finished =
      run({"explain", "--model", "a", "--index", "7", "--out", "figures/seven.png"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("tiny train 7, true label 7; "));
  const Picture figure = read_picture(folder_ / "figures/seven.png");
  EXPECT_GT(figure.width, 3 * 2 * 168);  // logistic: input, saliency, occlusion, at twice the size
  EXPECT_EQ(figure.channels, 3);
  EXPECT_TRUE(exists("figures/seven.svg"));

  write_file(folder_ / "p.png",
             encode_png({.width = 28, .height = 28, .pixels = std::vector<uint8_t>(784, 9)}));
  EXPECT_EQ(run({"explain", "--model", "a", "p.png", "--class", "3", "--out", "p3.png"}).code, 0);
  EXPECT_TRUE(exists("p3.png"));
}

TEST_F(Explain, WrongRequestsAreRefusedAndLeaveNothing) {
  ASSERT_EQ(train("a").code, 0);
  const auto explain = [&](Words more) {
    Words words{"explain", "--model", "a"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  expect_failure(run({"explain", "--index", "7", "--out", "x.png"}), 2, {"--model is missing"});
  expect_failure(explain({"--out", "x.png"}), 2, {"a PICTURE or --index"});
  expect_failure(explain({"--index", "7"}), 2, {"--out: expected FILE.png"});
  expect_failure(explain({"--index", "7", "--out", "x.jpg"}), 2, {"--out", "x.jpg"});
  expect_failure(explain({"p.png", "--index", "7", "--out", "x.png"}), 2, {"found both"});
  expect_failure(explain({"--index", "300", "--out", "x.png"}), 2, {"from 0 to 299", "\"300\""});
  expect_failure(explain({"--index", "1x", "--out", "x.png"}), 2, {"--index", "\"1x\""});
  expect_failure(explain({"--index", "7", "--class", "ten", "--out", "x.png"}), 2,
                 {"--class", "\"ten\""});
  expect_failure(explain({"nowhere.png", "--out", "x.png"}), 1, {"nowhere.png"});
  EXPECT_FALSE(exists("x.png"));
}

TEST_F(Explain, WithoutBeingAskedNoTestFileIsRead) {
  ASSERT_EQ(train("a").code, 0);
  std::filesystem::remove(folder_ / "data/tiny/t10k-images-idx3-ubyte");
  expect_failure(
      run({"explain", "--model", "a", "--index", "7", "--split", "test", "--out", "x.png"}), 1,
      {"t10k"});
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  EXPECT_EQ(run({"explain", "--model", "a", "--index", "7", "--out", "x.png"}).code, 0);
}

}  // namespace
}  // namespace inkling
