package io.sluice.it;

/// A configuration, and whether Sluice and the real Collector take it.
///
/// @param why Sluice is stricter or looser
record ConfigRow(String name, Both both, String yaml, String why) {
  static final String RECEIVERS = "receivers: {otlp: {protocols: {grpc: , http: }}}\n";
  static final String EXPORTERS = "exporters: {nop: }\n";
  static final String SERVICE =
      "service: {pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}\n";
  static final String AT_START = "the Collector finds it when it starts";

  enum Both {
    ACCEPT,
    REFUSE,
    STRICTER,
    LOOSER
  }

  static ConfigRow refused(String name, String yaml) {
    return new ConfigRow(name, Both.REFUSE, yaml, "");
  }

  static ConfigRow accepted(String name, String yaml) {
    return new ConfigRow(name, Both.ACCEPT, yaml, "");
  }

  static ConfigRow stricter(String name, String yaml, String why) {
    return new ConfigRow(name, Both.STRICTER, yaml, why);
  }

  static ConfigRow looser(String name, String yaml, String why) {
    return new ConfigRow(name, Both.LOOSER, yaml, why);
  }

  /// A processor `batch` of that body, unused: what is not used is checked too.
  static String batch(String body) {
    return RECEIVERS + "processors: {batch: " + body + "}\n" + EXPORTERS + SERVICE;
  }

  static String processor(String text) {
    return RECEIVERS + "processors: {" + text + "}\n" + EXPORTERS + SERVICE;
  }

  static String exporter(String text) {
    return RECEIVERS + "exporters: {nop: , " + text + "}\n" + SERVICE;
  }

  static String otlp(String body) {
    return "receivers: {otlp: " + body + "}\n" + EXPORTERS + SERVICE;
  }

  static String service(String text) {
    return RECEIVERS
        + "processors: {batch: }\nconnectors: {forward: }\n"
        + EXPORTERS
        + "service: "
        + text
        + "\n";
  }

  @Override
  public String toString() {
    return name;
  }
}
