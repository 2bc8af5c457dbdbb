@org.jspecify.annotations.NullMarked
package io.sluice.receivers.otlp;
