/// The attributes processor.
@org.jspecify.annotations.NullMarked
package io.sluice.processors.attributes;
