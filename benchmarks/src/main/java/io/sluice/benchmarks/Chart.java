package io.sluice.benchmarks;

import java.util.List;
import java.util.Locale;

/// Bars of the ratios, as SVG.
final class Chart {
  private static final int LEFT = 330;
  private static final int WIDTH = 420;
  private static final int LINE = 26;
  private static final int TOP = 48;

  private Chart() {}

  static String svg(List<Result> results) {
    var drawn = results.stream().filter(result -> Double.isFinite(result.ratio())).toList();
    double longest = drawn.stream().mapToDouble(Result::ratio).max().orElse(1);
    var out = new StringBuilder();
    int height = TOP + LINE * drawn.size() + 16;
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n"
                + "<text x=\"16\" y=\"26\" font-size=\"15\" fill=\"#222\">How many times as much the"
                + " Collector takes (more is better for Sluice)</text>%n",
            LEFT + WIDTH + 80,
            height));
    int y = TOP;
    for (var result : drawn) {
      bar(out, result, y, result.ratio() / longest);
      y += LINE;
    }
    double one = LEFT + WIDTH / longest;
    out.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#c33\" stroke-dasharray=\"4 3\"/>%n</svg>%n",
            one,
            one,
            TOP - 6,
            height - 10));
    return out.toString();
  }

  private static void bar(StringBuilder out, Result result, int y, double share) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"16\" y=\"%d\" fill=\"#222\">%s</text>"
                + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"#2a7\"/>"
                + "<text x=\"%.1f\" y=\"%d\" fill=\"#222\">%.1f</text>%n",
            y + 14,
            escaped(result.title()),
            LEFT,
            y,
            share * WIDTH,
            LEFT + share * WIDTH + 6,
            y + 14,
            result.ratio()));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
