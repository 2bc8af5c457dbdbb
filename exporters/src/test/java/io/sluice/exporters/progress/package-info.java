@org.jspecify.annotations.NullMarked
package io.sluice.exporters.progress;
