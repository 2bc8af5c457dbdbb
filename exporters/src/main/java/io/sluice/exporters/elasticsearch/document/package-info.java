/// What becomes of spans, log records and points: documents and the names of their indices, written as JSON
/// straight from the wire, one document at a time. The shapes are those of the Collector's mapping modes;
/// names of indices that come out of the data are confined ([IndexNames]).
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.elasticsearch.document;
