/// What a part is: how a receiver, processor, connector, exporter and extension are declared,
/// configured, started and stopped.
///
/// A configuration is a record; it is also the schema. Its component names are the YAML keys in camel
/// case ([Key] overrides), each with a [Doc]. Every such record has a `static defaults()`: what a user
/// gets who writes nothing. The types say what is allowed: a `Duration`, a [Secret], a `List`, a
/// `Map`, an enum (lower-case names), a nested record; an `Optional` of a record is a section that is
/// off unless written (a bare `tls:` turns it on, `enabled: false` off again), an `Optional` of
/// anything else is a key that may be absent. A record marked [Squash] lends its keys to the record
/// around it. Any other class with a `static parse(String)` is read from a text, and `Object` takes any
/// value. A key without a value counts as zero or empty, as in the Collector, a section without a body
/// as its defaults. What types cannot say, [Checked] does.
@org.jspecify.annotations.NullMarked
package io.sluice.component;
