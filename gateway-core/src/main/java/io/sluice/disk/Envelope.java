package io.sluice.disk;

import io.sluice.data.Origin;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stands between a record's header and its payload: where the batch came from, how its payload is
/// compressed, and for a dead letter why it is one. A protobuf message.
///
/// Credentials are left out: a queue lives longer than the request, and so do copies of it.
///
/// @param encoding of the payload; empty for plain OTLP
record Envelope(Origin origin, String encoding, @Nullable DeadLetter letter) {
  private static final int RECEIVER = 1;
  private static final int TRANSPORT = 2;
  private static final int PEER = 3;
  private static final int METADATA = 4;
  private static final int ENCODING = 5;
  private static final int LETTER = 6;
  private static final int IDENTITY = 7;

  private static final int KEY = 1;
  private static final int VALUE = 2;

  private static final int DESTINATION = 1;
  private static final int FAULT = 2;
  private static final int REASON = 3;

  Bytes encoded() {
    var out = new WireWriter(128);
    text(out, RECEIVER, origin.receiver());
    text(out, TRANSPORT, origin.transport());
    text(out, PEER, origin.peer());
    origin
        .metadata()
        .forEach((key, values) -> {
          if (!Credentials.carriedBy(key)) {
            int opened = out.open(METADATA);
            text(out, KEY, key);
            values.forEach(value -> out.bytes(VALUE, Bytes.utf8(value)));
            out.close(opened);
          }
        });
    origin
        .identity()
        .forEach((name, value) -> {
          int opened = out.open(IDENTITY);
          text(out, KEY, name);
          text(out, VALUE, value);
          out.close(opened);
        });
    text(out, ENCODING, encoding);
    if (letter != null) {
      int opened = out.open(LETTER);
      text(out, DESTINATION, letter.destination());
      text(out, FAULT, letter.fault());
      text(out, REASON, letter.reason());
      out.close(opened);
    }
    return out.take();
  }

  private static void text(WireWriter out, int field, String text) {
    if (!text.isEmpty()) {
      out.bytes(field, Bytes.utf8(text));
    }
  }

  static Envelope decode(Bytes body) {
    var in = new WireReader().over(body);
    var texts = new String[] {"", "", "", "", "", ""};
    var metadata = new HashMap<String, List<String>>();
    var identity = new HashMap<String, List<String>>();
    DeadLetter letter = null;
    while (in.next()) {
      switch (in.field()) {
        case RECEIVER, TRANSPORT, PEER, ENCODING -> texts[in.field()] = in.bytes().utf8();
        case METADATA -> entry(in.bytes(), metadata);
        case IDENTITY -> entry(in.bytes(), identity);
        case LETTER -> letter = letter(in.bytes());
        default -> {} // of a later release
      }
    }
    var known = new HashMap<String, String>();
    identity.forEach((name, values) -> known.put(name, String.join("", values)));
    var origin = new Origin(texts[RECEIVER], texts[TRANSPORT], texts[PEER], metadata, known);
    return new Envelope(origin, texts[ENCODING], letter);
  }

  private static void entry(Bytes body, Map<String, List<String>> metadata) {
    var in = new WireReader().over(body);
    var key = "";
    var values = new ArrayList<String>();
    while (in.next()) {
      switch (in.field()) {
        case KEY -> key = in.bytes().utf8();
        case VALUE -> values.add(in.bytes().utf8());
        default -> {} // of a later release
      }
    }
    metadata.put(key, List.copyOf(values));
  }

  private static DeadLetter letter(Bytes body) {
    var in = new WireReader().over(body);
    var texts = new String[] {"", "", "", ""};
    while (in.next()) {
      if (in.field() <= REASON) {
        texts[in.field()] = in.bytes().utf8();
      }
    }
    return new DeadLetter(texts[DESTINATION], texts[FAULT], texts[REASON]);
  }
}
