/// The `resource` processor: actions on the attributes of resources.
@org.jspecify.annotations.NullMarked
package io.sluice.processors.resource;
