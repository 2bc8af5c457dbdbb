package io.sluice.benchmarks;

import java.util.List;
import java.util.Locale;

/// Bars of the ratios, as SVG: to the right of the line where Sluice is better, to the left where the Collector
/// is. Twice as far is the square.
final class Chart {
  private static final int LEFT = 480;
  private static final int WIDTH = 420;
  private static final int LINE = 22;
  private static final int TOP = 48;

  /// What is further is drawn as if it were this; the number beside it is not changed.
  private static final double FARTHEST = 16;

  private static final double ONE = LEFT + WIDTH / 2.0;

  private Chart() {}

  static String svg(List<Result> results) {
    var drawn =
        results.stream()
            .filter(result -> Double.isFinite(result.ratio()))
            .filter(result -> !result.name().startsWith(Neighbours.PREFIX)) // a table of its own
            .toList();
    var out = new StringBuilder();
    int height = TOP + LINE * drawn.size() + 16;
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n"
                + "<text x=\"16\" y=\"26\" font-size=\"15\" fill=\"#222\">How many times better than the"
                + " Collector (left of the line: worse)</text>%n",
            LEFT + WIDTH + 60,
            height));
    int y = TOP;
    for (var result : drawn) {
      bar(out, result, y);
      y += LINE;
    }
    out.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#222\"/>%n</svg>%n",
            ONE,
            ONE,
            TOP - 6,
            height - 10));
    return out.toString();
  }

  private static void bar(StringBuilder out, Result result, int y) {
    double ratio = Math.clamp(result.ratio(), 1 / FARTHEST, FARTHEST);
    double length = Math.log(ratio) / Math.log(FARTHEST) * WIDTH / 2;
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"16\" y=\"%d\" fill=\"#222\">%s</text>"
                + "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"16\" fill=\"%s\"/>"
                + "<text x=\"%.1f\" y=\"%d\" fill=\"#222\"%s>%.3g</text>%n",
            y + 13,
            escaped(result.title()),
            Math.min(ONE, ONE + length),
            y,
            Math.abs(length),
            length < 0 ? "#c62" : "#2a7",
            length < 0 ? ONE + length - 6 : ONE + length + 6,
            y + 13,
            length < 0 ? " text-anchor=\"end\"" : "",
            result.ratio()));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
