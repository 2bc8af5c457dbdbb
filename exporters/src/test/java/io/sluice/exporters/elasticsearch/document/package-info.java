@org.jspecify.annotations.NullMarked
package io.sluice.exporters.elasticsearch.document;
