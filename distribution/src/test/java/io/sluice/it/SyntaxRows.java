package io.sluice.it;

import static io.sluice.it.ConfigRow.EXPORTERS;
import static io.sluice.it.ConfigRow.RECEIVERS;
import static io.sluice.it.ConfigRow.SERVICE;
import static io.sluice.it.ConfigRow.accepted;
import static io.sluice.it.ConfigRow.batch;
import static io.sluice.it.ConfigRow.exporter;
import static io.sluice.it.ConfigRow.looser;
import static io.sluice.it.ConfigRow.otlp;
import static io.sluice.it.ConfigRow.processor;
import static io.sluice.it.ConfigRow.refused;
import static io.sluice.it.ConfigRow.service;
import static io.sluice.it.ConfigRow.stricter;

import java.util.List;

/// What is YAML, what fits where, and what references become.
final class SyntaxRows {
  private SyntaxRows() {}

  static List<ConfigRow> shape() {
    return List.of(
        accepted("the least", RECEIVERS + EXPORTERS + SERVICE),
        refused("empty", ""),
        refused("a list", "[]"),
        refused("a text", "hello"),
        refused("no YAML", "a: [b"),
        refused("a tab", "receivers:\n\totlp:\n"),
        refused("no receivers", EXPORTERS + SERVICE),
        refused(
            "no exporters", RECEIVERS + "service: {pipelines: {traces: {receivers: [otlp]}}}\n"),
        refused("no service", RECEIVERS + EXPORTERS),
        refused("no pipelines", service("{}")),
        refused("unknown section", RECEIVERS + EXPORTERS + SERVICE + "procesors: {}\n"),
        refused("unknown key in service", service("{pipeline: {}}")),
        refused("one key twice", RECEIVERS + EXPORTERS + SERVICE + EXPORTERS),
        accepted(
            "nothing in sections",
            RECEIVERS + EXPORTERS + SERVICE + "processors:\nconnectors:\nextensions:\n"),
        accepted(
            "keys joined by ::",
            RECEIVERS
                + EXPORTERS
                + "service::pipelines::traces: {receivers: [otlp], exporters: [nop]}\n"),
        accepted("anchors", RECEIVERS + "exporters: {nop: &a {}, nop/b: *a}\n" + SERVICE),
        refused("unknown alias", RECEIVERS + "exporters: {nop: *a}\n" + SERVICE),
        refused(
            "a list as text",
            RECEIVERS
                + EXPORTERS
                + "service: {pipelines: {traces: {receivers: [otlp], exporters: nop}}}\n"));
  }

  static List<ConfigRow> types() {
    return List.of(
        refused("unknown key", batch("{send_batch_sise: 5}")),
        refused("key in capitals", batch("{Timeout: 5s}")),
        refused("text for a number", batch("{send_batch_size: many}")),
        refused("number as text", batch("{send_batch_size: \"5\"}")),
        accepted("decimal for a number", batch("{send_batch_size: 5.0}")),
        refused("below zero for an unsigned number", batch("{send_batch_size: -1}")),
        refused("list for a number", batch("{send_batch_size: [5]}")),
        refused("map for a number", batch("{send_batch_size: {a: 1}}")),
        accepted("null for a number", batch("{send_batch_size: }")),
        refused("scalar for a section", batch("5")),
        refused("list for a section", batch("[5]")),
        accepted("duration", batch("{timeout: 1m2.5s}")),
        accepted("nanoseconds", batch("{timeout: 5}")),
        accepted("zero", batch("{timeout: 0}")),
        refused("duration without unit", batch("{timeout: \"5\"}")),
        refused("unknown unit", batch("{timeout: 5days}")),
        refused("negative duration", batch("{timeout: -5s}")),
        refused("empty duration", batch("{timeout: \"\"}")),
        refused("duration as list", batch("{timeout: [5s]}")),
        refused("number for a text", otlp("{protocols: {grpc: {endpoint: 5}}}")),
        refused("boolean as text", otlp("{protocols: {grpc: {include_metadata: \"true\"}}}")),
        refused("boolean as yes", otlp("{protocols: {grpc: {include_metadata: yes}}}")),
        refused("boolean as number", otlp("{protocols: {grpc: {include_metadata: 1}}}")),
        accepted(
            "list as commas",
            otlp("{protocols: {http: {cors: {allowed_origins: \"http://a,http://b\"}}}}")));
  }

  static List<ConfigRow> expansion() {
    return List.of(
        accepted("number from the environment", batch("{send_batch_size: \"${env:IT_NUMBER}\"}")),
        accepted("section from the environment", batch("\"${env:IT_MAP}\"")),
        accepted(
            "list from the environment",
            RECEIVERS
                + EXPORTERS
                + "service: {pipelines: {traces: {receivers: [otlp], exporters: \"${IT_LIST}\"}}}\n"),
        accepted("duration from the environment", batch("{timeout: \"${IT_DURATION}\"}")),
        accepted("default", batch("{timeout: \"${env:IT_NONE:-7s}\"}")),
        accepted("unset", batch("{timeout: \"${env:IT_NONE}\"}")),
        accepted("empty", batch("{timeout: \"${env:IT_EMPTY}\"}")),
        refused(
            "text for a number from the environment",
            batch("{send_batch_size: \"${env:IT_TEXT}\"}")),
        refused("part of a number", batch("{send_batch_size: \"1${env:IT_NUMBER}\"}")),
        refused("bad name", batch("{timeout: \"${env:1X}\"}")),
        refused("unknown scheme", batch("{timeout: \"${vault:x}\"}")),
        refused("file that is not there", batch("{timeout: \"${file:/nonexistent}\"}")),
        refused("broken YAML from the environment", batch("\"${env:IT_BAD}\"")),
        accepted("map from the environment in a text", exporter(header("${env:IT_MAP}"))),
        accepted("number from the environment for a text", exporter(header("${env:IT_NUMBER}"))),
        accepted("broken YAML from the environment for a text", exporter(header("${env:IT_BAD}"))),
        accepted("default with colons", exporter(header("${env:IT_NONE:-http://a:1}"))),
        accepted("default within a default", exporter(header("${env:IT_NONE:-${env:IT_TEXT}}"))),
        accepted("dollars", exporter(header("$$ $$${env:IT_TEXT} a$"))),
        refused("reference that does not end", batch("{timeout: \"${env:IT_NONE\"}")),
        refused("list of numbers for texts", batch("{metadata_keys: [1]}")),
        accepted(
            "numbers from the environment in a list",
            batch("{metadata_keys: [\"${env:IT_NUMBER}\"]}")),
        refused(
            "number for a duration from the environment",
            batch("{timeout: \"${env:IT_NUMBER}x\"}")),
        accepted(
            "bare number for a duration from the environment",
            batch("{timeout: \"${env:IT_NUMBER}\"}")),
        refused("reference in an id", processor("\"batch/${env:IT_TEXT}\": ")),
        refused("null as an id", processor("null: ")),
        refused("number as an id", processor("1: ")),
        accepted("merge key", batch("{<<: {timeout: 1s}, send_batch_size: 5}")),
        looser(
            "a directive of YAML 1.2",
            "%YAML 1.2\n---\n" + RECEIVERS + EXPORTERS + SERVICE,
            "the directive is right"),
        stricter(
            "a tag", batch("{metadata_keys: [!!binary YQ==]}"), "no tags but those of YAML's core"),
        stricter(
            "integer that does not fit",
            batch("{send_batch_size: 4294967296}"),
            "there it is another number"),
        stricter(
            "fraction for an integer",
            batch("{send_batch_size: 5.5}"),
            "there the fraction is cut"));
  }

  private static String header(String value) {
    return "otlp_grpc: {endpoint: \"a:1\", headers: {h: \"" + value + "\"}}";
  }
}
